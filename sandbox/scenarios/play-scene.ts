import { randomUUID } from "node:crypto";
import { elapsed, INDENT, outcomeOf, playTick, showTick } from "../play-tick.ts";
import type { Ending } from "../run-bundle.ts";
import type { Terminal } from "../terminal.ts";
import { ALARMS, type AlarmChanges, type AlarmWatch, type Metrics, readMetrics } from "./alarm-watch.ts";
import { countEach, createFold } from "./create-fold.ts";
import type { Arrival, Outcomes, Scene } from "./scenario.ts";
import type { StoryWorld } from "./story-world.ts";

const TICK_MS = 15 * 60_000;
/** The census has a schedule of its own, once an hour. The scenes show only its alarm. */
const CENSUS_MS = 60 * 60_000;

/** What one tick left behind. */
export interface Tick {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly endings: readonly Ending[];
  /** Everything that its runs printed. */
  readonly output: string;
}

/** Where a story stands. */
export interface Story {
  readonly world: StoryWorld;
  readonly watch: AlarmWatch;
  readonly beganAtMs: number;
  /** When the next tick is due, in milliseconds since the epoch. */
  readonly nextAtMs: number;
  readonly ticks: readonly Tick[];
  /** What went otherwise than it should have. */
  readonly problems: readonly string[];
}

/** Plays the ticks of one scene, prints those that end differently from the one before, and returns the state of the story. */
export async function playScene(story: Story, scene: Scene, terminal: Terminal): Promise<Story> {
  const { world, watch, beganAtMs } = story;
  let { nextAtMs } = story;
  const { title, ticks = 1, arrives = "once" } = scene;
  const fold = createFold();
  const outcomes: string[] = [];
  const ended: Tick[] = [];
  world.advance(nextAtMs - world.now());
  scene.prepare?.(world);
  world.setFaults(scene.faults?.(world) ?? {});
  for (let tick = 1; tick <= ticks; tick += 1) {
    // Never back: what was prepared has taken its time.
    world.advance(Math.max(0, nextAtMs - world.now()));
    const played = await playTick(world, () => deliver(world, scene));
    const words = played.endings.length === 0 ? [arrives] : played.endings.map(outcomeOf);
    const output = await world.takeOutput();
    const metrics = readMetrics(output);
    const elapsedMs = nextAtMs - beganAtMs;
    if (arrives !== "dropped" && elapsedMs % CENSUS_MS === 0) await world.tick({ event: { census: true } });
    const censusOutput = await world.takeOutput();
    ended.push({ atMs: nextAtMs, endings: played.endings, output: output + censusOutput });
    const changes = watch.see({ atMs: nextAtMs, metrics: [...metrics, ...readMetrics(censusOutput)] });
    nextAtMs += TICK_MS;
    outcomes.push(...words);
    if (fold.isNew(played.endings)) {
      showKeptBack(fold.unfold(), terminal);
      showTick(played, tick === 1 ? title : "a later tick", elapsedMs, terminal);
      showMetrics(metrics, terminal);
      showChanges(changes, INDENT, terminal);
    } else {
      fold.keepBack(words, elapsedMs);
      if (changes.wentOff.length + changes.ended.length > 0) {
        showKeptBack(fold.unfold(), terminal);
        showChanges(changes, `${terminal.dim(elapsed(elapsedMs))}  `, terminal);
      }
    }
  }
  showKeptBack(fold.unfold(), terminal);
  terminal.line();
  return {
    ...story,
    nextAtMs,
    ticks: [...story.ticks, ...ended],
    problems: [...story.problems, ...compare(scene, outcomes)],
  };
}

function deliver(world: StoryWorld, { arrives = "once", event = {} }: Scene): Promise<readonly Ending[]> {
  // A duplicate has the request id of its twin.
  const tick = { event, requestId: randomUUID() };
  return Promise.all(Array.from({ length: DELIVERIES[arrives] }, () => world.tick(tick)));
}

const DELIVERIES: Readonly<Record<Arrival, number>> = { once: 1, twice: 2, dropped: 0, never: 0 };

function compare({ title, expected }: Scene, outcomes: readonly string[]): readonly string[] {
  const [is, should] = [Object.fromEntries(countEach(outcomes)), expected].map(inWords);
  return is === should ? [] : [`"${title}" came to ${is}, expected ${should}`];
}

function inWords(outcomes: Outcomes): string {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ×${count}`);
  return counts.sort().join(", ");
}

function showKeptBack(line: string | undefined, terminal: Terminal): void {
  if (line !== undefined) terminal.line(`${INDENT}${terminal.dim(line)}`);
}

function showMetrics(metrics: readonly Metrics[], terminal: Terminal): void {
  for (const run of metrics) {
    const values = Object.entries(run).map(([name, value]) => `${name} ${Math.round(value)}`);
    terminal.line(`${INDENT}${terminal.dim(`metrics   ${values.join(" · ")}`)}`);
  }
}

/** @param margin what stands before each line */
function showChanges({ wentOff, ended }: AlarmChanges, margin: string, terminal: Terminal): void {
  for (const id of wentOff) {
    terminal.line(`${margin}${terminal.bad("ALARM")}     ${terminal.bold(id)}: ${ALARMS[id].sentence}`);
  }
  for (const id of ended) terminal.line(`${margin}${terminal.good("OK")}        ${terminal.bold(id)}`);
}
