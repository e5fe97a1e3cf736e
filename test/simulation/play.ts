import type { UnknownOutcomePolicy } from "../../lambda/contract.ts";
import type { Ending } from "./chronicle.ts";
import type { Call, FaultPlan } from "./fault.ts";
import { act, type Hand, seed } from "./hands.ts";
import { inVirtualTime } from "./in-virtual-time.ts";
import { InvariantBroken } from "./invariant-broken.ts";
import { INVARIANTS } from "./invariants.ts";
import { createParameterStore } from "./parameter-store.ts";
import { Run } from "./run.ts";
import { judge, type Standing } from "./standing.ts";
import { type Choose, inOrder, quiescence } from "./virtual-time.ts";
import { NOON_MS, World, type WorldOptions } from "./world.ts";

/** One of the runs that a tick delivers. */
export interface Delivery {
  /** How long after the tick, in milliseconds. */
  readonly afterMs: number;
  readonly skewMs: number;
  readonly isForced: boolean;
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
const AT_ONCE: readonly Delivery[] = [{ afterMs: 0, skewMs: 0, isForced: false }];
const HORIZON = 30;
/** Two thirds of the three hours that XT's pairs live here. */
const RENEWAL_MS = 2 * 60 * 60_000;

/**
 * Plays one history: a pair that is due, and a tick every quarter of an hour from noon until all is at rest, a renewal
 * later. Quarters of an hour in which nothing is due are skipped, since a tick that finds nothing due only reads.
 *
 * @throws InvariantBroken
 */
export async function play(script: Script): Promise<History> {
  const world = new World(script);
  return inVirtualTime(world.time, world.random, createParameterStore(world), async () => {
    await prepare(world, script);
    const calls = watch(world, script);
    await tickUntilAtRest(world, script);
    const { policy } = script;
    const { standing, contradiction } = judge(world, policy);
    if (contradiction) throw new InvariantBroken(...contradiction, world.chronicle);
    return { endings: world.chronicle.runs.map(({ ending }) => ending ?? ""), standing, calls, world };
  });
}

/** A connection that was seeded and renewed once, and is due again; or one that was seeded, and is due for the first time. */
async function prepare(world: World, { policy, isFreshlySeeded = false }: Script): Promise<void> {
  seed(world);
  if (!isFreshlySeeded) {
    world.time.skipTo(NOON_MS - RENEWAL_MS - TICK_MS);
    new Run(world, true).start({ policy, isForced: true });
    await quiescence();
    while (await world.time.step(inOrder)) {
      // The first renewal, in which nothing goes wrong.
    }
  }
  world.time.skipTo(NOON_MS);
}

function watch(world: World, { faults, hand }: Script): Call[] {
  const calls: Call[] = [];
  const plan = faults?.();
  world.beginWatch();
  world.faults = (call) => {
    calls.push(call);
    return plan?.(call);
  };
  world.beforeEffect = ({ index }) => {
    if (index === hand?.before) act(world, hand.act);
  };
  return calls;
}

async function tickUntilAtRest(world: World, script: Script): Promise<void> {
  const { horizon = HORIZON } = script;
  let tickAtMs = world.time.nowMs;
  let wasIdle = false;
  for (let tick = 0; tick < horizon; tick += 1) {
    world.time.skipTo(tickAtMs);
    const ended = await deliver(world, script, tick);
    const isRenewedAgain = wasIdle && ended.length === 1 && ended[0] === "rotated: renewed";
    // Whatever a person does after that, as just before a request that came late, no run has seen yet.
    if (isRenewedAgain && world.touchedAtMs < tickAtMs) return;
    if (isBeyondHelp(world)) return;
    wasIdle = ended.every((ending) => ending === "idle: not-due");
    tickAtMs += wasIdle ? ticksUntilDue(world, tickAtMs) * TICK_MS : TICK_MS;
  }
}

/** Three times running the rotation has said that it needs a person, and nothing but a person can change that. */
function isBeyondHelp(world: World): boolean {
  const runs = world.chronicle.runs.filter(({ ending }) => ending !== "idle: backing-off").slice(-3);
  if (runs.some(({ startedAtMs }) => startedAtMs <= world.touchedAtMs)) return false;
  const [last, ...others] = runs.map(({ ending }) => ending);
  if (others.length < 2 || others.some((ending) => ending !== last)) return false;
  const isDead = !world.xt.isLive(world.currentToken ?? "", world.time.nowMs);
  return last === "halted: held" || (last === "RotationRejected" && isDead);
}

/** The ticks from one that found nothing due to the next that may. */
function ticksUntilDue(world: World, nowMs: number): number {
  const dueAtMs = world.chronicle.runs.at(-1)?.nextRenewalAtMs ?? nowMs;
  return Math.max(1, Math.ceil((dueAtMs - nowMs) / TICK_MS));
}

async function deliver(world: World, script: Script, tick: number): Promise<readonly Ending[]> {
  const { policy, choose = inOrder, deliveries } = script;
  const first = world.chronicle.runs.length;
  for (const { afterMs, skewMs, isForced } of deliveries?.(tick, world.random) ?? AT_ONCE) {
    const run = new Run(world, isForced);
    const options = { policy, requestId: `tick ${tick}${isForced ? ", forced" : ""}`, isForced, skewMs };
    if (afterMs === 0) run.start(options);
    else world.time.after(afterMs, run.id, () => run.start(options));
  }
  await quiescence();
  check(world, policy);
  while (await world.time.step(choose)) check(world, policy);
  return world.chronicle.runs.slice(first).map(({ ending }) => ending ?? "never ended");
}

function check(world: World, policy: UnknownOutcomePolicy): void {
  if (!world.hasChanged()) return;
  for (const [name, invariant] of Object.entries(INVARIANTS)) {
    const contradiction = invariant(world, policy);
    if (contradiction) throw new InvariantBroken(name, contradiction, world.chronicle);
  }
}
