import { SSMClient } from "@aws-sdk/client-ssm";
import {
  type ParameterStoreOptions,
  type ParameterStoreStandIn,
  startParameterStore,
} from "../../../sandbox/parameter-store/server.ts";
import { clientOf } from "../client-of.ts";

export const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

/** A stand-in and the real client that talks to it. Both end with the test. */
export async function start(
  options: ParameterStoreOptions = {},
): Promise<{ readonly standIn: ParameterStoreStandIn; readonly client: SSMClient }> {
  const standIn = await startParameterStore({ now: () => NOW_MS, ...options });
  return { standIn, client: clientOf(standIn, SSMClient) };
}
