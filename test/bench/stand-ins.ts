import { readFileSync } from "node:fs";
import { ENVIRONMENT, LABEL } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { type SecretsManagerStandIn, startSecretsManager } from "../../sandbox/secrets-manager/server.ts";
import { startXt, type XtStandIn } from "../../sandbox/xt/start-xt.ts";
import { type Link, startLink } from "./link.ts";
import { startTlsFront } from "./tls-front.ts";
import type { Request, Traffic } from "./traffic.ts";

/** A self-signed certificate for 127.0.0.1, which the measured processes are told to trust. */
const certificateFile = (name: string) => new URL(`../adapters/fixtures/localhost-${name}.pem`, import.meta.url);
export const CERTIFICATE_FILE = certificateFile("cert").pathname;

const CLIENT = { clientId: "35LF2FSLHX5IRQA4", clientSecret: "sandbox-client-secret-7f3a9c" };
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What a run is to meet. */
export interface Scene {
  /** `due`: the secrets as a person seeds them. `fresh`: a pair with its whole life before it. */
  readonly pair: "due" | "fresh";
  readonly roundTripMs: number;
  /** Hold every answer until no further request comes, so that sequential round trips can be counted. Nothing is timed then. */
  readonly holds: boolean;
}

/** Longer than any of the programs takes from an answer to its next request, or between two requests at once. */
const QUIET_MS = 400;

/** Secrets Manager and XT, each behind TLS and a link. */
export interface StandIns {
  /** Two secrets of their own for the next run, and what its environment must say. */
  prepare(scene: Scene): Readonly<Record<string, string>>;
  /** Everything that arrived since `prepare`. */
  traffic(): Traffic;
  close(): Promise<void>;
}

export async function startStandIns(): Promise<StandIns> {
  const certificate = {
    key: readFileSync(certificateFile("key"), "utf8"),
    cert: readFileSync(certificateFile("cert"), "utf8"),
  };
  const secretsManager = await startSecretsManager();
  const xt = await startXt({ ...CLIENT, reuse: "single-use" });
  const fronts = [
    await startTlsFront(secretsManager.port, certificate),
    await startTlsFront(Number(new URL(xt.url).port), certificate),
  ] as const;
  const links: Record<Request["to"], Link> = {
    aws: await startLink(fronts[0].port),
    xt: await startLink(fronts[1].port),
  };

  let runs = 0;
  let requests: Request[] = [];
  let before = { aws: 0, xt: 0, exchanges: 0 };
  let tokenSecret = "";

  return {
    prepare(scene) {
      runs += 1;
      tokenSecret = `run-${runs}`;
      requests = [];
      seed(secretsManager, xt, tokenSecret, scene.pair);
      watch(secretsManager, xt, scene, requests);
      for (const link of Object.values(links)) link.setRoundTrip(scene.roundTripMs);
      before = { aws: links.aws.accepted(), xt: links.xt.accepted(), exchanges: xt.exchanges.length };
      return {
        [ENVIRONMENT.tokenSecretId]: tokenSecret,
        [ENVIRONMENT.clientSecretId]: `${tokenSecret}/client`,
        [ENVIRONMENT.baseUrl]: `https://127.0.0.1:${links.xt.port}`,
        AWS_ENDPOINT_URL: `https://127.0.0.1:${links.aws.port}`,
      };
    },
    traffic() {
      const exchanges = xt.exchanges.slice(before.exchanges);
      const current: unknown = JSON.parse(secretsManager.value(tokenSecret, LABEL.current) ?? "{}");
      return {
        requests,
        connections: { aws: links.aws.accepted() - before.aws, xt: links.xt.accepted() - before.xt },
        granted: exchanges.filter(({ verdict }) => verdict === "granted").length,
        isNewestCurrent: xt.newestRefreshToken === (current as { readonly refresh_token?: unknown }).refresh_token,
      };
    },
    async close() {
      await Promise.all([...Object.values(links), ...fronts, secretsManager, xt].map((each) => each.close()));
    },
  };
}

function seed(secretsManager: SecretsManagerStandIn, xt: XtStandIn, tokenSecret: string, pair: Scene["pair"]): void {
  const { refreshToken, accessToken } = xt.grant();
  const credentials = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
  secretsManager.createSecret(`${tokenSecret}/client`, JSON.stringify(credentials));
  // The others keep everything in one secret; ours does not mind fields that it does not know.
  const due = { ...credentials, refresh_token: refreshToken };
  const dates = { issued_at: new Date().toISOString(), expires_at: new Date(Date.now() + DAY_MS).toISOString() };
  const fresh = { ...due, schema: 1, access_token: accessToken, ...dates };
  secretsManager.createSecret(tokenSecret, JSON.stringify(pair === "due" ? due : fresh));
}

/** Notes every request of a run. */
function watch(secretsManager: SecretsManagerStandIn, xt: XtStandIn, { holds }: Scene, requests: Request[]): void {
  const gate = createGate();
  const plan = (to: Request["to"], operation: string, isReused: boolean): Fault => ({
    kind: "act",
    // Held before its effect, stamped after it: a run is either counted or timed.
    when: holds ? "before" : "after",
    act: async () => {
      const roundTrip = holds ? await gate.pass() : 0;
      requests.push({ to, operation, isReused, roundTrip, answeredAtMs: performance.now() });
    },
  });
  secretsManager.setFaults(({ index, operation }) =>
    plan("aws", operation, secretsManager.calls[index - 1]?.isReused ?? false),
  );
  xt.setFaults(({ operation }) => plan("xt", operation, false));
}

/** Lets requests pass in groups: whoever comes while one is held joins it. */
function createGate(): { pass(): Promise<number> } {
  let roundTrip = 0;
  let held: ((roundTrip: number) => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  return {
    pass: () =>
      new Promise((resolve) => {
        held.push(resolve);
        clearTimeout(timer);
        timer = setTimeout(() => {
          roundTrip += 1;
          for (const release of held) release(roundTrip);
          held = [];
        }, QUIET_MS);
      }),
  };
}
