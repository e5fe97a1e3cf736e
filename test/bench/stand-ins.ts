import { readFileSync } from "node:fs";
import { ENVIRONMENT, LABEL } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { startSecretsManager } from "../../sandbox/secrets-manager/server.ts";
import { startXt } from "../../sandbox/xt/start-xt.ts";

/** A self-signed certificate for 127.0.0.1, which the measured processes are told to trust. */
const certificateFile = (name: string) => new URL(`../adapters/fixtures/localhost-${name}.pem`, import.meta.url);
export const CERTIFICATE_FILE = certificateFile("cert").pathname;

const CLIENT = { clientId: "35LF2FSLHX5IRQA4", clientSecret: "sandbox-client-secret-7f3a9c" };
const DAY_MS = 24 * 60 * 60 * 1_000;

/** `due`: the secret as a person seeds it. `fresh`: a pair with its whole life before it. */
export type SeededPair = "due" | "fresh";

/** One request as the stand-ins saw it. */
export interface Request {
  /** AWS's word for it, or `token` for the exchange. */
  readonly operation: string;
  /** Came on a connection that had served before. */
  readonly isReused: boolean;
  /** When it had taken effect and its answer was about to be sent, in milliseconds. */
  readonly answeredAtMs: number;
}

/** Everything that reached the stand-ins in one run of a process. */
export interface Traffic {
  readonly requests: readonly Request[];
  /** Connections to AWS. */
  readonly connections: number;
  /** Pairs that XT granted. */
  readonly granted: number;
  /** AWSCURRENT holds the refresh token that XT issued last. */
  readonly isNewestCurrent: boolean;
}

/** Secrets Manager and XT, behind TLS as on AWS: over plain HTTP the SDK loads `node:http`, and with it the whole of `fetch`. */
export interface StandIns {
  /** Two secrets of their own for the next run, and what its environment must say. */
  prepare(pair: SeededPair): Readonly<Record<string, string>>;
  /** Everything that arrived since `prepare`. */
  traffic(): Traffic;
  close(): Promise<void>;
}

export async function startStandIns(): Promise<StandIns> {
  const tls = {
    key: readFileSync(certificateFile("key"), "utf8"),
    cert: readFileSync(certificateFile("cert"), "utf8"),
  };
  const secretsManager = await startSecretsManager({ tls });
  const xt = await startXt({ ...CLIENT, reuse: "single-use", tls });
  let runs = 0;
  let requests: Request[] = [];
  let before = { connections: 0, exchanges: 0 };
  let tokenSecret = "";

  const note = (operation: string, isReused: boolean): Fault => ({
    kind: "act",
    when: "after",
    act: () => void requests.push({ operation, isReused, answeredAtMs: performance.now() }),
  });
  secretsManager.setFaults(({ index, operation }) =>
    note(operation, secretsManager.calls[index - 1]?.isReused ?? false),
  );
  xt.setFaults(({ operation }) => note(operation, false));

  return {
    prepare(pair) {
      runs += 1;
      tokenSecret = `run-${runs}`;
      requests = [];
      const { refreshToken, accessToken } = xt.grant();
      const credentials = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
      // The others keep everything in one secret; ours does not mind fields that it does not know.
      const due = { ...credentials, refresh_token: refreshToken };
      const expiresAt = new Date(Date.now() + DAY_MS).toISOString();
      const fresh = { ...due, schema: 1, access_token: accessToken, expires_at: expiresAt };
      secretsManager.createSecret(`${tokenSecret}/client`, JSON.stringify(credentials));
      secretsManager.createSecret(tokenSecret, JSON.stringify(pair === "due" ? due : fresh));
      before = { connections: secretsManager.connections, exchanges: xt.exchanges.length };
      return {
        [ENVIRONMENT.tokenSecretId]: tokenSecret,
        [ENVIRONMENT.clientSecretId]: `${tokenSecret}/client`,
        [ENVIRONMENT.baseUrl]: xt.url,
        AWS_ENDPOINT_URL: secretsManager.url,
      };
    },
    traffic() {
      const exchanges = xt.exchanges.slice(before.exchanges);
      const current: unknown = JSON.parse(secretsManager.value(tokenSecret, LABEL.current) ?? "{}");
      return {
        requests,
        connections: secretsManager.connections - before.connections,
        granted: exchanges.filter(({ verdict }) => verdict === "granted").length,
        isNewestCurrent: xt.newestRefreshToken === (current as { readonly refresh_token?: unknown }).refresh_token,
      };
    },
    async close() {
      await Promise.all([secretsManager.close(), xt.close()]);
    },
  };
}
