import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** How old a cached token may be: nobody knows whether XT still takes a token once it has issued the next one. */
const MAX_AGE_MS = 5 * 60_000;
/** A token that expires sooner is read anew, since the call takes time too. */
const MARGIN_MS = 60_000;

const client = new SecretsManagerClient({});
let cached = { token: "", readAtMs: 0, expiresAtMs: 0 };

export async function readToken(isFresh: boolean): Promise<string> {
  const nowMs = Date.now();
  const isGood = nowMs < cached.readAtMs + MAX_AGE_MS && nowMs < cached.expiresAtMs - MARGIN_MS;
  if (isGood && !isFresh) return cached.token;
  try {
    cached = await readSecret();
  } catch (error) {
    // While Secrets Manager is down, the cached token serves until it expires.
    if (isFresh || nowMs >= cached.expiresAtMs) throw error;
  }
  return cached.token;
}

async function readSecret(): Promise<typeof cached> {
  const SecretId = process.env["XT_ACCESS_TOKEN_SECRET_ARN"];
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId }));
  const { access_token: token, expires_at } = JSON.parse(SecretString);
  return { token, readAtMs: Date.now(), expiresAtMs: Date.parse(expires_at) || Number.POSITIVE_INFINITY };
}
