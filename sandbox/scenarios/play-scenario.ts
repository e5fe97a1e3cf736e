import { commandLine } from "../../lambda/contract.ts";
import type { Inspection } from "../../lambda/inspection.ts";
import { inWords } from "../../lambda/rotation/diagnose.ts";
import { isRecord } from "../../lambda/rotation/json.ts";
import { type AlarmId, chapterOf } from "../../lib/alarms.ts";
import { type Examination, examine, isSound, showExamination } from "../examine.ts";
import { outcomeOf } from "../play-tick.ts";
import { describeEnding } from "../show.ts";
import type { Terminal } from "../terminal.ts";
import { createAlarmWatch } from "./alarm-watch.ts";
import { playScene, type Story, type Tick } from "./play-scene.ts";
import type { Scenario } from "./scenario.ts";
import { type StoryWorld, startStoryWorld } from "./story-world.ts";

/** What a scenario came to. */
export interface Played {
  readonly alarms: readonly AlarmId[];
  readonly isLost: boolean;
  readonly ticks: readonly Tick[];
  /** What went otherwise than the scenario says. */
  readonly problems: readonly string[];
}

/** Two thirds of the day that the stand-in's access tokens live, and a minute for the renewal before to have ended in. */
const RENEWAL_MS = 16 * 60 * 60_000 + 60_000;

/**
 * Plays one scenario in a world of its own.
 * @param beganAtMs the world's time at its first scene, in milliseconds since the epoch
 */
export async function playScenario(
  bundle: string,
  scenario: Scenario,
  beganAtMs: number,
  terminal: Terminal,
): Promise<Played> {
  const { name, story: sentence, begins = "due", scenes, remedy = [] } = scenario;
  terminal.line(`${terminal.bold(name)}  ${sentence}\n`);
  const isDue = begins === "due";
  const world = await startStoryWorld(bundle, isDue ? beganAtMs - RENEWAL_MS : beganAtMs, scenario);
  try {
    const before = isDue ? await renewOnce(world) : [];
    const watch = createAlarmWatch(beganAtMs);
    let story: Story = { world, watch, beganAtMs, nextAtMs: beganAtMs, ticks: [], problems: before };
    for (const scene of scenes) story = await playScene(story, scene, terminal);
    const examination = examine(world);
    const alarms = watch.history;
    showExamination(examination, terminal);
    showOperator(scenario, alarms, await askStatus(world, terminal), terminal);
    for (const scene of remedy) story = await playScene(story, scene, terminal);
    if (remedy.length > 0) showExamination(examine(world), terminal);
    showStillOn(watch.active, terminal);
    const isLost = examination.newest === "nowhere";
    const problems = [...story.problems, ...judge(scenario, alarms, examination, examine(world))];
    return { alarms, isLost, ticks: story.ticks, problems };
  } finally {
    await world.close();
  }
}

/** A connection that was seeded and renewed once, so that its pair is one that the function wrote. */
async function renewOnce(world: StoryWorld): Promise<readonly string[]> {
  world.seed();
  const outcome = outcomeOf(await world.tick());
  await world.takeOutput();
  return outcome === "rotated" ? [] : [`the renewal before the story ended ${outcome}, expected rotated`];
}

function judge(
  scenario: Scenario,
  alarms: readonly AlarmId[],
  before: Examination,
  after: Examination,
): readonly string[] {
  const problems: string[] = [];
  if (alarms.join() !== scenario.alarms.join()) {
    problems.push(`the alarms were ${listed(alarms)}, expected ${listed(scenario.alarms)}`);
  }
  const isLost = before.newest === "nowhere";
  if (isLost !== scenario.isLost) problems.push(`a pair ${isLost ? "was lost" : "was not lost"}, expected otherwise`);
  if (!isSound(after)) problems.push("AWSCURRENT does not hold XT's newest living refresh token in the end");
  return problems;
}

function listed(alarms: readonly AlarmId[]): string {
  return alarms.length === 0 ? "none" : alarms.join(", ");
}

/** What `status` would say now: the function's own verdict, under the faults that are still in force. */
async function askStatus(world: StoryWorld, terminal: Terminal): Promise<string> {
  const ending = await world.tick({ event: { inspect: true } });
  await world.takeOutput();
  if (ending.kind === "returned" && isInspection(ending.result)) return inWords(ending.result.verdict);
  return describeEnding(ending, terminal);
}

function isInspection(answer: unknown): answer is Inspection {
  return isRecord(answer) && isRecord(answer["verdict"]);
}

function showOperator({ remedy = [] }: Scenario, alarms: readonly AlarmId[], status: string, terminal: Terminal): void {
  terminal.line();
  terminal.line(`type      ${terminal.bold(commandLine("status"))}`);
  terminal.line(`see       ${status}`);
  for (const id of alarms) terminal.line(`read      docs/runbook.md${chapterOf(id)}`);
  if (alarms.length === 0) terminal.line("read      nothing: no alarm goes off, nobody is paged");
  if (remedy.length === 0) terminal.line("do        nothing: the ticks have mended it");
  terminal.line();
}

function showStillOn(active: readonly AlarmId[], terminal: Terminal): void {
  for (const id of active) terminal.line(terminal.dim(`${id} stays on until its window has passed`));
  terminal.line();
}
