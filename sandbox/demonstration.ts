import type { FaultPlan } from "./faults.ts";
import { describeEnding, describeLabels } from "./show.ts";
import type { Terminal } from "./terminal.ts";
import { TOKEN_SECRET, type World } from "./world.ts";

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

const INDENT = " ".repeat("day 0 00:00  ".length);

/** Plays the life of one connection. Returns what went otherwise than it should have. */
export async function demonstrate(world: World, terminal: Terminal): Promise<readonly string[]> {
  const beganAtMs = world.now();
  const problems: string[] = [];
  for (const scene of SCENES) {
    world.advance(scene.afterMs);
    scene.prepare?.(world);
    world.setFaults(scene.faults ? { secretsManager: scene.faults(world) } : {});
    const before = world.secretsManager.labels(TOKEN_SECRET);
    const ending = await world.tick();
    terminal.line(`${terminal.dim(elapsed(world.now() - beganAtMs))}  ${terminal.bold(scene.title)}`);
    terminal.line(`${INDENT}${describeEnding(ending, terminal)}`);
    terminal.line(`${INDENT}${describeLabels(world.secretsManager.labels(TOKEN_SECRET), before, terminal)}`);
    terminal.line();
    const outcome = ending.kind === "returned" ? ending.result.outcome : ending.kind;
    if (outcome !== scene.expected) problems.push(`"${scene.title}" ended ${outcome}, expected ${scene.expected}`);
  }
  return [...problems, ...examine(world, terminal)];
}

/** Asks both stand-ins, which know the truth, whether anything was lost. */
function examine({ xt, secretsManager }: World, terminal: Terminal): readonly string[] {
  const { refresh_token: stored } = JSON.parse(secretsManager.value(TOKEN_SECRET) ?? "{}");
  const granted = xt.exchanges.filter(({ verdict }) => verdict === "granted").length;
  const facts: readonly (readonly [boolean, string])[] = [
    [
      granted === xt.exchanges.length,
      `XT was asked ${xt.exchanges.length} times and granted ${granted}: no token was spent twice`,
    ],
    [stored === xt.newestRefreshToken, "the newest refresh token that XT issued is in AWSCURRENT"],
    [xt.isLive(stored), "and it is alive"],
  ];
  for (const [isTrue, claim] of facts) terminal.line(`${isTrue ? terminal.good("✓") : terminal.bad("✗")} ${claim}`);
  return facts.filter(([isTrue]) => !isTrue).map(([, claim]) => `not true: ${claim}`);
}

function elapsed(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.round((ms % HOUR_MS) / MINUTE_MS);
  return `day ${Math.floor(hours / 24)} ${String(hours % 24).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
