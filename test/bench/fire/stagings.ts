import { STORE_CALLS } from "../../../sandbox/rotation-calls.ts";
import type { SecretsManagerStandIn } from "../../../sandbox/secrets-manager/server.ts";

/** The requests that carried a pair, and how many of them differ in token, value or labels. */
export function stagings({ calls }: SecretsManagerStandIn): { readonly attempts: number; readonly distinct: number } {
  const inputs = calls.filter(STORE_CALLS.staging).map(({ input }) => JSON.stringify(input));
  return { attempts: inputs.length, distinct: new Set(inputs).size };
}
