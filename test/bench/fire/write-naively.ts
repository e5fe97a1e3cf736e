import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { startSecretsManager } from "../../../sandbox/secrets-manager/server.ts";
import type { Outage } from "./outage.ts";
import { type Outcome, WRITING_MS } from "./trial.ts";

const SECRET = "xt/token";
const PAIR = '{"access_token":"access-2","refresh_token":"refresh-2"}';

/** Writes a pair with the SDK as it comes: its own three attempts, its own token, and no limit but the end of the run. */
export async function writeNaively(outage: Outage): Promise<Outcome> {
  const standIn = await startSecretsManager({ faults: outage.plan });
  standIn.createSecret(SECRET, "pair 1");
  const client = new SecretsManagerClient({ endpoint: standIn.url });
  await client.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: "a write before" }));
  const before = standIn.calls.length;
  let lagMs: number | undefined;

  outage.begin();
  try {
    const command = new PutSecretValueCommand({ SecretId: SECRET, SecretString: PAIR });
    await client.send(command, { abortSignal: AbortSignal.timeout(WRITING_MS) });
    lagMs = outage.sinceRecoveryMs();
  } catch {
    // What was lost shows in the store.
  }

  const isKept = standIn.value(SECRET) === PAIR;
  const attempts = standIn.calls.length - before;
  client.destroy();
  await standIn.close();
  return { isKept, lagMs: isKept ? lagMs : undefined, attempts, isEscrowed: false };
}
