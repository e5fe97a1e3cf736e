import type { UnknownOutcomePolicy } from "../../lambda/contract.ts";
import { type Ending, type Errand, TICK } from "./chronicle.ts";
import type { Call, FaultPlan } from "./fault.ts";
import { type Advisor, carryOut, followAdvice } from "./follow-advice.ts";
import { act, type Hand, seed } from "./hands.ts";
import { inVirtualTime } from "./in-virtual-time.ts";
import { InvariantBroken } from "./invariant-broken.ts";
import { check } from "./invariants.ts";
import { createParameterStore } from "./parameter-store.ts";
import { outOfStep } from "./published-invariants.ts";
import { inWords, Run } from "./run.ts";
import { isHalted, judge, leftover, type Standing } from "./standing.ts";
import { type Choose, inOrder, quiescence } from "./virtual-time.ts";
import { NOON_MS, World, type WorldOptions } from "./world.ts";

/** One of the events that reach the function at a tick. */
export interface Delivery {
  /** How long after the tick, in milliseconds. */
  readonly afterMs: number;
  readonly skewMs: number;
  readonly errand: Errand;
}

/** A history before it is played. */
export interface Script extends WorldOptions {
  readonly policy: UnknownOutcomePolicy;
  /** A fresh plan for each playing, since plans may count. @default nothing goes wrong */
  readonly faults?: (() => FaultPlan) | undefined;
  /** A person's hand, just before the request with this number takes effect. */
  readonly hand?: { readonly before: number; readonly act: Hand } | undefined;
  /** What the tick with this number, from 0, delivers. @default one run, at once */
  readonly deliveries?: ((tick: number, random: World["random"]) => readonly Delivery[]) | undefined;
  /** Who goes first where several may. @default in the order of asking */
  readonly choose?: Choose | undefined;
  /** Ticks of a quarter of an hour before a history that does not come to rest is judged. @default 30 */
  readonly horizon?: number | undefined;
  /** Whether the pair that is due was issued by a rotation before, or seeded. @default by a rotation */
  readonly isFreshlySeeded?: boolean | undefined;
  /** Whether every tick is played up to the horizon, and nothing is judged but by the invariants. */
  readonly isEndless?: boolean | undefined;
  /** Whether a person looks at everything in the end. */
  readonly hasLastLook?: boolean | undefined;
  /** The history ends at this request, and a person does what `advisor` says from then on. */
  readonly rescue?: { readonly after: number; readonly advisor: Advisor; readonly hand?: Hand | undefined } | undefined;
}

/** A history that kept every invariant. */
export interface History {
  /** How each run ended, in the order of their starts. */
  readonly endings: readonly Ending[];
  readonly standing: Standing;
  /** Every request that was made, in order. */
  readonly calls: readonly Call[];
  readonly world: World;
}

const TICK_MS = 15 * 60_000;
const AT_ONCE: readonly Delivery[] = [{ afterMs: 0, skewMs: 0, errand: TICK }];
const HORIZON = 30;
/** Two thirds of the three hours that XT's pairs live here. */
const RENEWAL_MS = 2 * 60 * 60_000;
/** For as long after a renewal the ticks look for what it left in the escrow. */
const SWEEPING_MS = 60 * 60_000;

/**
 * Plays one history: a pair that is due, and a tick every quarter of an hour from noon until all is at rest, a renewal
 * later. Quarters of an hour in which nothing is due are skipped, since a tick that finds nothing due only reads, and so
 * are those in which it finds an empty escrow as the one before it did.
 *
 * @throws InvariantBroken
 */
export async function play(script: Script): Promise<History> {
  const world = new World(script);
  return inVirtualTime(world.time, world.random, createParameterStore(world), async () => {
    await prepare(world, script);
    const calls = watch(world, script);
    await tickUntilAtRest(world, script);
    const { policy, isEndless = false, rescue } = script;
    const endings = world.chronicle.runs.map(({ ending }) => ending ?? "");
    if (script.hasLastLook) await carryOut({ world, policy }, { kind: "inspection" });
    if (rescue !== undefined) await followAdvice(world, policy, rescue);
    if (isEndless || rescue !== undefined) return { endings, standing: "healthy", calls, world };
    if (outOfStep(world)) await publishInOneTick(world, policy);
    const { standing, contradiction } = judge(world, policy);
    if (contradiction) throw new InvariantBroken(...contradiction, world.chronicle);
    return { endings, standing, calls, world };
  });
}

/** Nothing goes wrong any more, so that one tick has to bring the access-token secret into step. */
async function publishInOneTick(world: World, policy: UnknownOutcomePolicy): Promise<void> {
  world.calm();
  await carryOut({ world, policy }, TICK);
  const what = outOfStep(world);
  if (what) throw new InvariantBroken("anOlderTokenIsPublishedForOneTickAtMost", what, world.chronicle);
}

/** A connection that was seeded and renewed once, and is due again; or one that was seeded, and is due for the first time. */
async function prepare(world: World, { policy, isFreshlySeeded = false }: Script): Promise<void> {
  seed(world);
  if (!isFreshlySeeded) {
    world.time.skipTo(NOON_MS - RENEWAL_MS - TICK_MS);
    new Run(world, { kind: "tick", isForced: true }).start({ policy });
    await quiescence();
    while (await world.time.step(inOrder)) {
      // The first renewal, in which nothing goes wrong.
    }
  }
  world.time.skipTo(NOON_MS);
}

function watch(world: World, { faults, hand, rescue }: Script): Call[] {
  const calls: Call[] = [];
  const plan = faults?.();
  world.beginWatch();
  world.faults = (call) => {
    calls.push(call);
    const fault = plan?.(call);
    if (call.index === rescue?.after) world.calm();
    return fault;
  };
  world.beforeEffect = ({ index }) => {
    if (index === hand?.before) act(world, hand.act);
  };
  return calls;
}

async function tickUntilAtRest(world: World, script: Script): Promise<void> {
  const { horizon = HORIZON, isEndless = false } = script;
  let tickAtMs = world.time.nowMs;
  let wasIdle = false;
  for (let tick = 0; tick < horizon; tick += 1) {
    world.time.skipTo(tickAtMs);
    const ended = await deliver(world, script, tick);
    if (world.isCalm) return;
    const isRenewedAgain = wasIdle && ended.length === 1 && ended[0] === "rotated: renewed";
    // Whatever a person does after that, as just before a request that came late, no run has seen yet.
    if (!isEndless && isRenewedAgain && world.touchedAtMs < tickAtMs && !mayBeSwept(world)) return;
    if (!isEndless && isBeyondHelp(world)) return;
    wasIdle = ended.every((ending) => NOTHING_DUE.test(ending));
    const canSkip = wasIdle && !isEndless && !mayBeSwept(world) && world.time.nextMs === Number.POSITIVE_INFINITY;
    tickAtMs += canSkip ? ticksUntilDue(world, tickAtMs) * TICK_MS : TICK_MS;
  }
}

const NOTHING_DUE = /^idle: (not-due|refresh-token-doubtful)$/;

/** The ticks of this hour may still delete what a renewal left in the escrow. */
function mayBeSwept(world: World): boolean {
  const { chronicle, time } = world;
  const renewed = chronicle.runs.findLast(({ ending }) => ending === "rotated: renewed");
  return renewed !== undefined && time.nowMs - renewed.startedAtMs < SWEEPING_MS && leftover(world) !== undefined;
}

/** Three times running the rotation has said that it needs a person, and nothing but a person can change that. */
function isBeyondHelp(world: World): boolean {
  const runs = world.chronicle.runs.filter(({ ending = "" }) => !ending.startsWith("idle: ")).slice(-3);
  const changedAtMs = Math.max(world.touchedAtMs, world.chronicle.moves.at(-1)?.atMs ?? 0);
  if (runs.some(({ isSuspended, startedAtMs }) => isSuspended || startedAtMs <= changedAtMs)) return false;
  const isDead = !world.xt.isLive(world.currentToken ?? "", world.time.nowMs);
  return runs.length === 3 && runs.every((run) => isHalted(run) || (isDead && run.ending === "RotationRejected"));
}

/** The ticks from one that found nothing due to the next that may. */
function ticksUntilDue(world: World, nowMs: number): number {
  const dueAtMs = world.chronicle.runs.at(-1)?.nextRenewalAtMs ?? nowMs;
  return Math.max(1, Math.ceil((dueAtMs - nowMs) / TICK_MS));
}

async function deliver(world: World, script: Script, tick: number): Promise<readonly Ending[]> {
  const { policy, choose = inOrder, deliveries } = script;
  const nextTickAtMs = world.time.nowMs + TICK_MS;
  const first = world.chronicle.runs.length;
  for (const { afterMs, skewMs, errand } of deliveries?.(tick, world.random) ?? AT_ONCE) {
    const run = new Run(world, errand);
    const options = { policy, requestId: `tick ${tick}, ${inWords(errand)}`, skewMs };
    if (afterMs === 0) run.start(options);
    else world.time.after(afterMs, run.id, () => run.start(options));
  }
  await quiescence();
  check(world, policy);
  // What is still under way where a process stands still overlaps with the ticks to come.
  while (!world.isCalm && world.time.nextMs < nextTickAtMs && (await world.time.step(choose))) check(world, policy);
  return world.chronicle.runs.slice(first).map(({ ending }) => ending ?? "never ended");
}
