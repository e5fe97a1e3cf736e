import { onTestFinished } from "vitest";
import { listen } from "../../sandbox/listen.ts";
import { type SecretsManagerStandIn, startSecretsManager } from "../../sandbox/secrets-manager/server.ts";

const SECRET = "xt/access-token";

/** What a workload has around it: the access-token secret, the Lambda extension in front of it, and XT. */
export interface DeskWorld {
  readonly secrets: SecretsManagerStandIn;
  readonly xtUrl: string;
  /** Each token that XT was shown, oldest first. */
  readonly presented: readonly string[];
  /** What the workload reads from its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** XT takes only this token from now on. */
  take(token: string): void;
  /** XT refuses others with this answer. @default 401 */
  refuseWith(status: number, body: string): void;
  /** Puts a new access token into the secret. */
  publish(token: string, expiresAt?: string): void;
}

/** Starts it with `token-1` in the secret, which XT takes. It ends with the test. */
export async function startDeskWorld(): Promise<DeskWorld> {
  const secrets = await startSecretsManager();
  const { arn } = secrets.createSecret(SECRET);
  const presented: string[] = [];
  let taken = "token-1";
  let refusal = { status: 401, body: "" };
  const xt = await listen(0, async (request, response) => {
    const token = String(request.headers["access-token"]);
    presented.push(token);
    const { status, body } = token === taken ? { status: 200, body: '{"rc":0,"mc":"SUCCESS"}' } : refusal;
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  const extension = await startExtension(secrets, arn);
  onTestFinished(() => Promise.all([secrets.close(), xt.close(), extension.close()]).then(() => {}));
  const publish = (access_token: string, expires_at = "2099-01-01T00:00:00.000Z") =>
    secrets.put(SECRET, JSON.stringify({ access_token, expires_at, connection: "default" }));
  publish("token-1");
  return {
    secrets,
    xtUrl: `${xt.url}/v4/balances`,
    presented,
    environment: {
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example",
      AWS_SESSION_TOKEN: "session-1",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_MAX_ATTEMPTS: "1",
      PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(extension.port),
      XT_ACCESS_TOKEN_SECRET_ARN: arn,
    },
    take(token) {
      taken = token;
    },
    refuseWith(status, body) {
      refusal = { status, body };
    },
    publish(token, expiresAt) {
      publish(token, expiresAt);
    },
  };
}

/** The Parameters and Secrets extension: it reads the secret once and answers from its cache, to this function alone. */
async function startExtension(secrets: SecretsManagerStandIn, arn: string) {
  let cached: string | undefined;
  return listen(0, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const isOurs = request.headers["x-aws-parameters-secrets-token"] === "session-1";
    if (!isOurs || pathname !== "/secretsmanager/get" || searchParams.get("secretId") !== arn) {
      response.writeHead(400).end();
      return;
    }
    cached ??= secrets.value(SECRET);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ SecretString: cached }));
  });
}
