import { ENVIRONMENT } from "../../../lambda/contract.ts";
import type { Call } from "../../../sandbox/faults.ts";
import { STORE_CALLS } from "../../../sandbox/rotation-calls.ts";
import { ESCROW_PREFIX, startWorld, TOKEN_SECRET } from "../../../sandbox/world.ts";
import type { Outage } from "./outage.ts";
import { stagings } from "./stagings.ts";
import type { Outcome } from "./trial.ts";

/** Lets the built bundle rotate once, in a process of its own, through an outage that begins with XT's answer. */
export async function writeByBundle(outage: Outage, bundle: string): Promise<Outcome> {
  const world = await startWorld({ bundle, beginsAtMs: Date.now() });
  world.seed();
  let lagMs: number | undefined;
  world.setFaults({
    xt: () => ({ kind: "act", when: "after", act: outage.begin }),
    secretsManager(call: Call) {
      // The function promotes at once when the pair is acknowledged, and not before.
      if (STORE_CALLS.promoting(call)) lagMs ??= outage.sinceRecoveryMs();
      return outage.plan(call);
    },
  });

  const ending = await world.tick({ environment: { [ENVIRONMENT.escrowParameterPrefix]: ESCROW_PREFIX } });

  const { attempts, distinct } = stagings(world.secretsManager);
  const current: unknown = JSON.parse(world.secretsManager.value(TOKEN_SECRET) ?? "{}");
  const isNewest =
    typeof current === "object" &&
    current !== null &&
    "refresh_token" in current &&
    current.refresh_token === world.xt.newestRefreshToken;
  const isRotated = ending.kind === "returned" && ending.result.outcome === "rotated";
  const isKept = isRotated && isNewest && distinct === 1 && world.xt.exchanges.length === 1;
  const isEscrowed = world.parameterStore.calls.some(({ operation }) => operation === "PutParameter");
  await world.close();
  return { isKept, lagMs, attempts, isEscrowed };
}
