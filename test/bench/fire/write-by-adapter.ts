import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createClientSecret } from "../../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../../lambda/adapters/secrets-manager-store.ts";
import { createSsmEscrow } from "../../../lambda/adapters/ssm-escrow.ts";
import { LABEL } from "../../../lambda/contract.ts";
import { keepPair } from "../../../lambda/rotation/keep-pair.ts";
import { Sensitive } from "../../../lambda/rotation/sensitive.ts";
import type { ParameterStoreStandIn } from "../../../sandbox/parameter-store/server.ts";
import { startSecretsManager } from "../../../sandbox/secrets-manager/server.ts";
import type { Outage } from "./outage.ts";
import { stagings } from "./stagings.ts";
import { type Outcome, WRITING_MS } from "./trial.ts";

const ESCROW_PREFIX = "/xt/escrow/";
const SECRET = "xt/token";
const CLIENT_SECRET = "xt/client";
const clock = { now: () => Date.now() };
const watch = () => {};
let trials = 0;

/**
 * Reads and fences as a rotation does, and writes a pair with the deployed adapters from the moment the outage begins.
 * @param parameterStore which the environment names, since the escrow's client finds it as the function's does
 */
export async function writeByAdapter(outage: Outage, parameterStore: ParameterStoreStandIn): Promise<Outcome> {
  trials += 1;
  const nth = trials;
  const standIn = await startSecretsManager({ faults: outage.plan });
  const { arn } = standIn.createSecret(SECRET);
  const parent = standIn.put(SECRET, "pair 1");
  standIn.createSecret(CLIENT_SECRET, "client credentials");
  const client = new SecretsManagerClient({ endpoint: standIn.url, maxAttempts: 1 });
  const store = createSecretsManagerStore(client, SECRET, clock, watch);
  const escrow = createSsmEscrow({ prefix: ESCROW_PREFIX, keyId: undefined }, clock, watch);
  const fenceId = store.versionId({ arn, parent, kind: "attempt", attempt: nth });
  const id = store.versionId({ arn, parent, kind: "issued", attempt: nth });
  const text = JSON.stringify({ access_token: `access-${nth}`, refresh_token: `refresh-${nth}` });
  let lagMs: number | undefined;
  const timed: typeof store = {
    ...store,
    async stage(...which) {
      await store.stage(...which);
      lagMs = outage.sinceRecoveryMs();
    },
  };

  await Promise.all([store.describe(), store.readCurrent(), createClientSecret(client, CLIENT_SECRET, watch).read()]);
  await store.fence(fenceId, "attempt 2", clock.now() + WRITING_MS);
  outage.begin();
  try {
    await keepPair({ store: timed, escrow }, id, new Sensitive(text), clock.now() + WRITING_MS);
    await store.moveCurrent(parent, id);
  } catch {
    // What was lost shows in the store.
  }

  const { attempts, distinct } = stagings(standIn);
  const isKept = standIn.labels(SECRET)[LABEL.current] === id && standIn.value(SECRET) === text && distinct === 1;
  const isEscrowed = Object.hasOwn(parameterStore.parameters(), `${ESCROW_PREFIX}${id}`);
  client.destroy();
  await standIn.close();
  return { isKept, lagMs, attempts, isEscrowed };
}
