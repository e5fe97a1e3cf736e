import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { Deployment } from "./deployment.ts";
import { playDeployment } from "./play-deployment.ts";
import { findLambdaRuntime, motoFault } from "./prerequisites.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** `null` where this machine cannot play one. */
    deployment: Deployment | null;
  }
}

/** Plays the deployment once, or says in one line why not. */
export default async function setup(project: TestProject): Promise<void> {
  const say = (line: string) => console.log(`deploy: ${line}`);
  const fault = await motoFault();
  if (fault !== undefined) {
    say(`skipped: ${fault}`);
    project.provide("deployment", null);
    return;
  }
  const runtime = await findLambdaRuntime(say);
  if (runtime === undefined) {
    say("the deployed function is not run: Node.js 24 and aws-lambda-ric (cmake, g++) could not be installed");
  }
  const scratch = await mkdtemp(join(tmpdir(), "deploy-"));
  try {
    project.provide("deployment", await playDeployment({ scratch, runtime, say }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
