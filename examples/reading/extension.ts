import { readToken as readFromSecretsManager } from "./sdk.ts";

export async function readToken(isFresh: boolean): Promise<string> {
  // The extension answers from its cache until the cached value is stale.
  if (isFresh) return readFromSecretsManager(true);
  const port = process.env["PARAMETERS_SECRETS_EXTENSION_HTTP_PORT"] ?? "2773";
  const query = new URLSearchParams({ secretId: process.env["XT_ACCESS_TOKEN_SECRET_ARN"] ?? "" });
  const response = await fetch(`http://localhost:${port}/secretsmanager/get?${query}`, {
    headers: { "X-Aws-Parameters-Secrets-Token": process.env["AWS_SESSION_TOKEN"] ?? "" },
  });
  if (!response.ok) throw new Error(`the extension answered ${response.status}`);
  return JSON.parse(Object(await response.json()).SecretString).access_token;
}
