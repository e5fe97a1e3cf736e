import { LABEL } from "../../lambda/contract.ts";
import { isRecord, parseJson } from "../../lambda/rotation/json.ts";
import type { RunRecord } from "./chronicle.ts";
import type { World } from "./world.ts";

const FIELDS: ReadonlySet<string> = new Set(["access_token", "expires_at", "user_id", "scope", "connection"]);

/** What the newest version of the access-token secret holds, and whether a person wrote it. */
function newestIn({ accessTokenSecret, chronicle }: World) {
  const newest = [...accessTokenSecret.versions.byId.keys()].at(-1);
  const isByHand = chronicle.publications.at(-1)?.by === "person";
  return newest === undefined || isByHand ? undefined : { id: newest, text: accessTokenSecret.textOf(newest) ?? "" };
}

/** Workloads read the access token and what belongs to it, and never what buys the next pair. */
export function noRefreshTokenIsPublished(world: World): string | undefined {
  const { id, text } = newestIn(world) ?? {};
  if (text === undefined) return undefined;
  const published = parseJson(text);
  const odd = isRecord(published) ? Object.keys(published).find((field) => !FIELDS.has(field)) : "no object";
  if (odd !== undefined) return `version ${id} of the access-token secret holds ${odd}`;
  return text.includes("refresh-token") ? `version ${id} of the access-token secret holds a refresh token` : undefined;
}

/** Workloads never read ahead of the pair: AWSCURRENT of the token secret has been on the version of that id, which holds the token. */
export function whatIsPublishedWasInUse(world: World): string | undefined {
  const { by, to } = world.chronicle.publications.at(-1) ?? {};
  if (to === undefined || by === "person") return undefined;
  if (!world.tokenSecret.wasCurrent(to)) return `version ${to} is published and its pair was never in use`;
  const published = parseJson(world.accessTokenSecret.textOf(to) ?? "");
  const token = isRecord(published) ? published["access_token"] : undefined;
  // The token secret drops old versions.
  const pair = world.documentOf(to);
  return pair["access_token"] === undefined || pair["access_token"] === token
    ? undefined
    : `version ${to} is published with another token than that of its pair`;
}

/** A tick that meets no fault leaves the token of the pair in use, or of one at least as new as the pair that it began with. */
export function aCalmTickPublishes(world: World): string | undefined {
  const { touchedAtMs, hasStaleReads, isCalm, chronicle } = world;
  if (hasStaleReads && !isCalm) return undefined;
  if (world.accessTokenSecret.current === world.tokenSecret.current) return undefined;
  const lagging = chronicle.runs.find((run) => {
    const { ending, endedAtMs, errand, startedAtMs, startedOn } = run;
    if (ending === undefined || endedAtMs !== world.time.nowMs || errand.kind !== "tick") return false;
    if (run.isDisturbed || run.isSuspended || touchedAtMs >= startedAtMs) return false;
    return world.publishedNumber < startedOn;
  });
  return lagging && `${lagging.id} began with pair ${lagging.startedOn}, and ${world.publishedNumber} is published`;
}

/** What must be told: a run whose requests to the access-token secret all failed fails as well. */
export function aFailureToPublishFailsTheRun({ chronicle }: World): string | undefined {
  const silent = chronicle.runs.find(
    (run) => run.errand.kind === "tick" && SAYS_ALL_IS_DONE.test(run.ending ?? "") && hasNotPublished(run),
  );
  return silent && `${silent.id} could not publish and ended with ${silent.ending}`;
}

/** Not where it looked at nothing but torn reads. */
const SAYS_ALL_IS_DONE = /^(rotated|settled|idle|halted|deferred: (?!torn-reads))/;

function hasNotPublished({ calls, answered }: RunRecord): boolean {
  if (calls.includes("publishing")) return !answered.has("publishing");
  return calls.includes("reading what is published") && !answered.has("reading what is published");
}

/** What is out of step with the pair in use, in words. A token of a newer pair is better than one that a person went back to. */
export function outOfStep(world: World): string | undefined {
  const { publishableNumber: inUse, publishedNumber: published } = world;
  const { current } = world.accessTokenSecret;
  if (inUse === 0 || current === world.tokenSecret.current || published > inUse) return undefined;
  const holder = world.accessTokenSecret.versions.holders.get(LABEL.current);
  return `pair ${inUse} is in use, and version ${holder} with token ${published} is published`;
}
