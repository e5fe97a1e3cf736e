import { inject, it } from "vitest";
import type { Deployment } from "./deployment.ts";
import type { Reading } from "./read-back.ts";

const played = inject("deployment");

/** A test that looks at the deployment; skipped where this machine could not play one. */
export const itDeploys = it.skipIf(played === null);
/** Likewise, where nothing could be installed that runs the function. */
export const itRuns = it.skipIf(played?.rotation === undefined);

export function deployment(): Deployment {
  if (played === null) throw new Error("nothing was deployed");
  return played;
}

/** What the service tells about the only resource of a type whose logical id begins so. */
export function told(readings: readonly Reading[], type: string, logicalId = ""): unknown {
  const found = readings.filter((reading) => reading.type === type && reading.logicalId.startsWith(logicalId));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${type}: found ${found.length}, expected one`);
  return only.answer.kind === "answered" ? only.answer.output : only.answer;
}
