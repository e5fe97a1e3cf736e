import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

// What most rotators are: read, fetch, write. It loses the pair on one failed write, and revokes its grant on a duplicate delivery.
const client = new SecretsManagerClient({});

export const handler = async (): Promise<void> => {
  const SecretId = process.env["TOKEN_SECRET_ID"];
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
  const secret = JSON.parse(SecretString ?? "");
  const query = new URLSearchParams({
    client_id: secret.client_id,
    client_secret: secret.client_secret,
    grant_type: "refresh_token",
    refresh_token: secret.refresh_token,
  });
  const response = await fetch(`${process.env["XT_BASE_URL"]}/public/uaa/oauth2/token?${query}`);
  const { result } = (await response.json()) as { readonly result: object };
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ ...secret, ...result }) }));
};
