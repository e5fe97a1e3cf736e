import type { Terminal } from "./terminal.ts";
import { ACCESS_TOKEN_SECRET, TOKEN_SECRET, type World } from "./world.ts";

/** What the stand-ins, which know the truth, say of a story so far. */
export interface Examination {
  /** How often XT was asked for a pair, how often it granted one, and how often it refused the token. */
  readonly asked: number;
  readonly granted: number;
  readonly refused: number;
  /** Which store holds the newest refresh token that XT issued. `nowhere`: it is lost. */
  readonly newest: "current" | "other-version" | "escrow" | "nowhere" | "none-issued";
  /** Whether XT would take the refresh token of AWSCURRENT. */
  readonly isCurrentLive: boolean;
  /** Whether workloads read the access token of AWSCURRENT, and nothing of its refresh token. */
  readonly isPublished: boolean;
}

/** Asks both stores and XT whether anything was lost. */
export function examine(world: World): Examination {
  const { xt, secretsManager } = world;
  // An inspection asks XT for nothing, to see whether it answers.
  const exchanges = xt.exchanges.filter(({ presented }) => presented !== "");
  const count = (...verdicts: readonly string[]) =>
    exchanges.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return {
    asked: exchanges.length,
    granted: count("granted"),
    refused: count("refused", "revoked"),
    newest: placeOfNewest(world),
    isCurrentLive: xt.isLive(tokenIn("refresh_token", secretsManager.value(TOKEN_SECRET))),
    isPublished: isPublished(world),
  };
}

function isPublished({ secretsManager }: World): boolean {
  const published = secretsManager.value(ACCESS_TOKEN_SECRET);
  const pair = secretsManager.value(TOKEN_SECRET);
  const isSame = tokenIn("access_token", published) === tokenIn("access_token", pair);
  return isSame && tokenIn("refresh_token", published) === "";
}

function placeOfNewest({ xt, secretsManager, parameterStore }: World): Examination["newest"] {
  if (xt.newestRefreshToken === undefined) return "none-issued";
  const isNewest = (value: string | undefined) => tokenIn("refresh_token", value) === xt.newestRefreshToken;
  if (isNewest(secretsManager.value(TOKEN_SECRET))) return "current";
  const versions = secretsManager.versions(TOKEN_SECRET);
  if (versions.some(({ versionId }) => isNewest(secretsManager.value(TOKEN_SECRET, versionId)))) return "other-version";
  return Object.values(parameterStore.parameters()).some(isNewest) ? "escrow" : "nowhere";
}

/** Empty where there is none, as in what a person spoilt. */
function tokenIn(name: "access_token" | "refresh_token", value = "{}"): string {
  try {
    return String(JSON.parse(value)[name] ?? "");
  } catch {
    return "";
  }
}

const PLACES: Readonly<Record<Examination["newest"], string>> = {
  current: "the newest refresh token that XT issued is in AWSCURRENT",
  "other-version": "the newest refresh token that XT issued is in a version beside AWSCURRENT",
  escrow: "the newest refresh token that XT issued is in the escrow",
  nowhere: "the newest refresh token that XT issued reached no store: it is lost",
  "none-issued": "XT has issued no refresh token yet",
};

/** The examination as lines of claims, the good ones ticked. */
export function showExamination(examination: Examination, terminal: Terminal): void {
  const { asked, granted, refused, newest, isCurrentLive, isPublished } = examination;
  const spent = refused === 0 ? "no token was spent twice" : `it refused a spent token in ${refused}`;
  const claims: readonly (readonly [boolean, string])[] = [
    [refused === 0, `XT granted ${granted} of ${asked} requests for a pair: ${spent}`],
    [newest !== "nowhere", PLACES[newest]],
    [
      isCurrentLive,
      isCurrentLive ? "the refresh token in AWSCURRENT is alive" : "XT takes no refresh token from AWSCURRENT",
    ],
    [
      isPublished,
      isPublished
        ? "workloads read the access token in use, and no refresh token"
        : "workloads do not read the access token in use",
    ],
  ];
  for (const [isGood, claim] of claims) terminal.line(`${isGood ? terminal.good("✓") : terminal.bad("✗")} ${claim}`);
}

/** Whether all is as it was before any trouble. */
export function isSound({ newest, isCurrentLive, isPublished }: Examination): boolean {
  return newest === "current" && isCurrentLive && isPublished;
}
