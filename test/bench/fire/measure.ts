import { setTimeout as pause } from "node:timers/promises";
import { startParameterStore } from "../../../sandbox/parameter-store/server.ts";
import { buildTemporaryBundle } from "../../../sandbox/world.ts";
import { FAULT_MODES } from "./fault-modes.ts";
import { watchHoldUps } from "./hold-ups.ts";
import { createOutage, type Outage } from "./outage.ts";
import { type Course, type Trial, WRITING_MS } from "./trial.ts";
import { writeByAdapter } from "./write-by-adapter.ts";
import { writeByBundle } from "./write-by-bundle.ts";
import { writeNaively } from "./write-naively.ts";

const WRITERS = ["adapter", "bundle", "naive"] as const;

/** How often each mode meets each writer, by the outage's length in milliseconds. */
const REPEATS: Readonly<Record<Course["writer"], Readonly<Record<number, number>>>> = {
  adapter: { 200: 6, 1000: 5, 5000: 4, 20000: 3, 50000: 3 },
  bundle: { 1000: 1, 20000: 1 },
  naive: { 200: 2, 1000: 2, 5000: 2, 20000: 2, 50000: 2 },
};

/** Between one start and the next, in milliseconds: worlds mostly wait, and all at once would measure the machine. A process takes longer to start. */
const STAGGER_MS = { adapter: 80, bundle: 500, naive: 80 } as const;

const COURSES: readonly Course[] = WRITERS.flatMap((writer) =>
  Object.entries(REPEATS[writer]).flatMap(([outageMs, repeats]) =>
    FAULT_MODES.flatMap((mode) =>
      Array.from({ length: repeats }, () => ({ writer, mode, outageMs: Number(outageMs) })),
    ),
  ),
);

/** Lets every writer meet every outage. `heldUpMs`: the time in all for which the machine was too busy to measure. */
export async function measure(): Promise<{ readonly trials: readonly Trial[]; readonly heldUpMs: number }> {
  const parameterStore = await startParameterStore();
  // The escrow's client finds its endpoint as the function's does.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SSM: parameterStore.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
  });
  const bundle = buildTemporaryBundle();
  const write = {
    adapter: (outage: Outage) => writeByAdapter(outage, parameterStore),
    bundle: (outage: Outage) => writeByBundle(outage, bundle.path),
    naive: writeNaively,
  };
  const holdUps = watchHoldUps();

  async function play(course: Course): Promise<Trial> {
    const outcome = await write[course.writer](createOutage(course.mode, course.outageMs, holdUps));
    return { ...course, ...outcome };
  }

  const trials: Promise<Trial>[] = [];
  for (const course of [...COURSES].sort((one, other) => expectedMs(other) - expectedMs(one))) {
    trials.push(play(course));
    await pause(STAGGER_MS[course.writer]);
  }
  const ended = await Promise.all(trials);
  const heldUpMs = holdUps.since(0);
  holdUps.stop();
  bundle.remove();
  await parameterStore.close();
  return { trials: ended, heldUpMs };
}

/** The longest are started first, so that all end together. */
function expectedMs({ writer, mode, outageMs }: Course): number {
  return writer === "naive" && mode.isSilent ? WRITING_MS : outageMs;
}
