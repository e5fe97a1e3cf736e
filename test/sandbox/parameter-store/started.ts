import { SSMClient } from "@aws-sdk/client-ssm";
import { onTestFinished } from "vitest";
import {
  type ParameterStoreOptions,
  type ParameterStoreStandIn,
  startParameterStore,
} from "../../../sandbox/parameter-store/server.ts";

export const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

/** A stand-in and the real client that talks to it. Both end with the test. */
export async function start(
  options: ParameterStoreOptions = {},
): Promise<{ readonly standIn: ParameterStoreStandIn; readonly client: SSMClient }> {
  const standIn = await startParameterStore({ now: () => NOW_MS, ...options });
  const client = new SSMClient({
    endpoint: standIn.url,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await standIn.close();
  });
  return { standIn, client };
}
