import { examine, isSound, showExamination } from "./examine.ts";
import type { FaultPlan } from "./faults.ts";
import { outcomeOf, playTick, showTick } from "./play-tick.ts";
import type { Terminal } from "./terminal.ts";
import type { World } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** One scene: what happens first, and how the tick that follows must end. */
interface Scene {
  readonly title: string;
  readonly afterMs: number;
  readonly prepare?: (world: World) => void;
  readonly faults?: (world: World) => FaultPlan;
  readonly expected: "rotated" | "settled" | "idle" | "halted" | "died";
}

const SCENES: readonly Scene[] = [
  { title: "deployed, and nobody has seeded it yet", afterMs: 0, expected: "halted" },
  {
    title: "a person seeds it: client credentials and one refresh token",
    afterMs: 10 * MINUTE_MS,
    prepare: (world) => world.seed(),
    expected: "rotated",
  },
  { title: "the next tick", afterMs: 15 * MINUTE_MS, expected: "idle" },
  { title: "two thirds of the access token's day are over", afterMs: 16 * HOUR_MS, expected: "rotated" },
  {
    title: "due again, and the process is killed between XT's answer and the promotion",
    afterMs: 16 * HOUR_MS,
    faults: (world) => (call) => (call.operation === "UpdateSecretVersionStage" ? world.kill("before") : undefined),
    expected: "died",
  },
  { title: "the next tick finds what it left", afterMs: 15 * MINUTE_MS, expected: "settled" },
  { title: "and the one after that", afterMs: 15 * MINUTE_MS, expected: "idle" },
  { title: "two thirds of the new life", afterMs: 16 * HOUR_MS, expected: "rotated" },
];

/** Plays the life of one connection. Returns what went otherwise than it should have. */
export async function demonstrate(world: World, terminal: Terminal): Promise<readonly string[]> {
  const problems: string[] = [];
  let elapsedMs = 0;
  for (const scene of SCENES) {
    elapsedMs += scene.afterMs;
    world.advance(scene.afterMs);
    scene.prepare?.(world);
    world.setFaults(scene.faults ? { secretsManager: scene.faults(world) } : {});
    const played = await playTick(world, async () => [await world.tick()]);
    showTick(played, scene.title, elapsedMs, terminal);
    terminal.line();
    const outcome = played.endings.map(outcomeOf).join();
    if (outcome !== scene.expected) problems.push(`"${scene.title}" ended ${outcome}, expected ${scene.expected}`);
  }
  const examination = examine(world);
  showExamination(examination, terminal);
  if (examination.refused > 0 || !isSound(examination)) problems.push("the newest pair is not what it should be");
  return problems;
}
