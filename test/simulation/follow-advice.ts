import { LABEL, type UnknownOutcomePolicy, type Verdict } from "../../lambda/contract.ts";
import { type Errand, type RunRecord, TICK } from "./chronicle.ts";
import { act, type Hand, seed } from "./hands.ts";
import { InvariantBroken } from "./invariant-broken.ts";
import { check, isStored } from "./invariants.ts";
import { outOfStep } from "./published-invariants.ts";
import { Run } from "./run.ts";
import { inOrder, quiescence } from "./virtual-time.ts";
import { CLIENT_CREDENTIALS, type World } from "./world.ts";

/** Where a person reads what to type: in the verdict that `status` shows, or in what the last run answered. */
export const ADVISORS = ["the inspection", "the last answer"] as const;
export type Advisor = (typeof ADVISORS)[number];

const MINUTE_MS = 60_000;
/** No state needs more commands, and none needs waiting for more than this many ticks. */
const MOST_COMMANDS = 4;
const MOST_WAITS = 12;

/**
 * A person finds the connection as it is, and does what they are told, until it is well. From here on nothing goes wrong.
 *
 * @throws InvariantBroken where that takes too many steps, or a command cannot help
 */
export async function followAdvice(
  world: World,
  policy: UnknownOutcomePolicy,
  { advisor, hand }: { readonly advisor: Advisor; readonly hand?: Hand | undefined },
): Promise<void> {
  world.calm();
  if (hand !== undefined) act(world, hand);
  const person = { world, policy };
  let commands = 0;
  let last =
    advisor === "the inspection" ? await carryOut(person, { kind: "inspection" }) : await carryOut(person, TICK);
  for (let waits = 0; commands <= MOST_COMMANDS && waits <= MOST_WAITS; ) {
    const { isWell, next } = advisor === "the inspection" ? fromInspection(last) : fromAnswer(last);
    const unpublished = isWell ? outOfStep(world) : undefined;
    if (unpublished) throw broken(world, "theAdviceIsTrue", `${last.id} says that all is well, and ${unpublished}`);
    if (isWell && world.xt.isLive(world.currentToken ?? "", world.time.nowMs)) return;
    // XT has revoked the grant for a token that was presented while the process stood still. Nobody can know before the next renewal.
    if (isWell && world.chronicle.runs.some(({ isSuspended }) => isSuspended)) return;
    // What was read may be past where a run is at work.
    if (isWell && ![...world.runs.values()].some(({ isAtWork }) => isAtWork))
      throw broken(world, "theAdviceIsTrue", `${last.id} says that all is well, and XT honours no token in use`);
    if (next === null) waits += 1;
    else commands += 1;
    world.tell(`the person ${next === null ? "waits for a tick" : `types ${next}`}`);
    const answer = await follow(person, next);
    last = advisor === "the inspection" ? await carryOut(person, { kind: "inspection" }) : answer;
  }
  throw broken(world, "theAdviceLeadsHome", `${commands} commands did not make the connection well`);
}

interface Person {
  readonly world: World;
  readonly policy: UnknownOutcomePolicy;
}

interface Advice {
  readonly isWell: boolean;
  readonly next: Verdict["next"];
}

function fromInspection({ inspection }: RunRecord): Advice {
  const { severity, code, next } = inspection?.verdict ?? { severity: 4, code: "", next: null };
  return { isWell: severity === 0 && code === "not-due", next };
}

function fromAnswer({ severity, ending = "", says }: RunRecord): Advice {
  const [, next = null] = /type npx --no xt-token ([a-z]+(?: --[a-z-]+)*(?: [\w-]{32,64})?)/.exec(says) ?? [];
  return { isWell: severity === 0 && /^(rotated|idle: not-due)/.test(ending), next };
}

async function follow(person: Person, next: Verdict["next"]): Promise<RunRecord> {
  const { world } = person;
  if (next === null) {
    await passUntil(world, (Math.floor(world.time.nowMs / TICK_MS) + 1) * TICK_MS);
    return carryOut(person, TICK);
  }
  const living = neverPresented(world);
  if (next === "authorize" && living) {
    throw broken(world, "noLivingPairIsGivenUp", `a person is to authorize, and ${living} was never presented`);
  }
  await passUntil(world, world.time.nowMs + MINUTE_MS);
  const [command = "", option, versionId] = next.split(" ");
  switch (command) {
    case "doctor":
      // It shows the cause, which is gone by now: the person waits.
      return follow(person, null);
    case "status":
      return carryOut(person, { kind: "inspection" });
    case "rotate":
      return carryOut(person, { kind: "tick", isForced: option === "--now" });
    case "authorize":
      return carryOut(person, { kind: "authorization", code: `code-${world.runs.size}` });
    case "recover":
      return recover(person, versionId);
    case "seed":
      if (option === "--credentials-only") world.clientCredentials = CLIENT_CREDENTIALS;
      else seed(world);
      return carryOut(person, TICK);
    default:
      throw broken(world, "theAdviceIsTrue", `there is no command ${next}`);
  }
}

const TICK_MS = 15 * MINUTE_MS;

/** Puts the pair in use that is named, or the newest that can be; does what the inspection says where there is none. */
async function recover(person: Person, versionId: string | undefined): Promise<RunRecord> {
  if (versionId !== undefined) return carryOut(person, { kind: "promotion", versionId });
  const inspected = await carryOut(person, { kind: "inspection" });
  const { pairs = [], verdict } = inspected.inspection ?? {};
  const newest = pairs.find(({ use }) => use === "promotable");
  if (newest !== undefined) return carryOut(person, { kind: "promotion", versionId: newest.versionId });
  if (verdict?.next === "recover") throw broken(person.world, "theAdviceIsTrue", "there is nothing to recover");
  return follow(person, verdict?.next ?? null);
}

/** A stored token that XT takes, that nobody ever presented, and that no record says may have been presented. */
function neverPresented(world: World): string | undefined {
  const presented = new Set(world.chronicle.presentations.map(({ token }) => token));
  const { newest } = world.xt;
  const isKept = isStored(world, newest) && world.xt.isLive(newest, world.time.nowMs);
  return isKept && !presented.has(newest) && !mayBePresented(world, newest) ? newest : undefined;
}

/** A run died between its fence and the exchange: nobody in the world can tell on which side. */
function mayBePresented(world: World, token: string): boolean {
  const ids = [...world.versions.byId.keys()];
  const holder = ids.find((id) => world.documentOf(id)["refresh_token"] === token);
  return ids.some((id) => {
    const { kind, parent } = world.documentOf(id);
    return kind === "attempt" && parent === holder && world.versions.holders.get(LABEL.unspent) !== id;
  });
}

/** Carries out one event, and lets time pass until it has ended. */
export async function carryOut({ world, policy }: Person, errand: Errand): Promise<RunRecord> {
  const begun = new Run(world, errand);
  begun.start({ policy });
  await quiescence();
  check(world, policy);
  while (begun.isAtWork && (await world.time.step(inOrder))) check(world, policy);
  return begun.record;
}

async function passUntil(world: World, atMs: number): Promise<void> {
  while (world.time.nextMs <= atMs) await world.time.step(inOrder);
  world.time.skipTo(atMs);
}

function broken({ chronicle }: World, invariant: string, what: string): InvariantBroken {
  return new InvariantBroken(invariant, what, chronicle);
}
