import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Account, startAccount } from "../../../sandbox/account/start-account.ts";
import { startWorld, type World } from "../../../sandbox/world.ts";

/** Returns what it was told, throws, or ends its process. */
const HANDLER = `export async function handler(event, context) {
  if (event.throw) throw Object.assign(new Error("the pair was rejected"), { name: "RotationRejected", code: "X" });
  if (event.die) process.kill(process.pid, "SIGKILL");
  return {
    outcome: "idle",
    reason: "told: nothing to do",
    event,
    requestId: context.awsRequestId,
    arn: context.invokedFunctionArn,
    remainingMs: context.getRemainingTimeInMillis(),
    scheduler: process.env.AWS_ENDPOINT_URL_SCHEDULER,
    prefix: process.env.CONNECTION_PREFIX,
  };
}`;

/** An account whose function is a small handler in place of the bundle, which takes a build. Both end with the test. */
export async function start(
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly account: Account; readonly world: World }> {
  const directory = mkdtempSync(join(tmpdir(), "xt-token-rotation-"));
  const bundle = join(directory, "index.mjs");
  writeFileSync(bundle, HANDLER);
  const world = await startWorld({ bundle, beginsAtMs: Date.UTC(2026, 0, 1), environment });
  const account = await startAccount(world, (event) => world.tick({ event }));
  onTestFinished(async () => {
    await account.close();
    await world.close();
    rmSync(directory, { recursive: true });
  });
  return { account, world };
}

/** What an SDK's client needs to talk to the account. */
export function clientOptions({ url }: Account) {
  return {
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
    maxAttempts: 1,
  };
}
