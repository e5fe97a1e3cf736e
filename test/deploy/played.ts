import { inject, it } from "vitest";
import type { Deployment } from "./deployment.ts";

const played = inject("deployment");

/** A test that looks at the deployment; skipped where this machine could not play one. */
export const itDeploys = it.skipIf(played === null);
/** Likewise, where nothing could be installed that runs the function. */
export const itRuns = it.skipIf(played?.rotation === undefined);
/** Likewise, where npm could not install the package either. */
export const itRunsThePackage = it.skipIf(played?.again.renewal === undefined);

export function deployment(): Deployment {
  if (played === null) throw new Error("nothing was deployed");
  return played;
}
