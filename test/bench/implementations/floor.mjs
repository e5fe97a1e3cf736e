// The least that a rotation can be made of: Signature Version 4 by node:crypto over node:https, no dependency, no care. It loses the
// pair on one failed write.
import { createHash, createHmac } from "node:crypto";
import { Agent, request } from "node:https";

const { AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_REGION, AWS_SECRET_ACCESS_KEY, TOKEN_SECRET_ID, XT_BASE_URL } =
  process.env;
const agent = new Agent({ keepAlive: true });

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();

function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, ...options }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function secretsManager(operation, input) {
  const body = JSON.stringify(input);
  const { host } = new URL(AWS_ENDPOINT_URL);
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const signed = {
    "content-type": "application/x-amz-json-1.1",
    host,
    "x-amz-date": date,
    "x-amz-target": `secretsmanager.${operation}`,
  };
  const names = Object.keys(signed).join(";");
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), names, sha256(body)].join("\n");
  const scope = `${date.slice(0, 8)}/${AWS_REGION}/secretsmanager/aws4_request`;
  const key = scope.split("/").reduce(hmac, `AWS4${AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return send(AWS_ENDPOINT_URL, { method: "POST", headers: { ...signed, authorization } }, body);
}

export async function handler() {
  const { SecretString } = await secretsManager("GetSecretValue", { SecretId: TOKEN_SECRET_ID });
  const secret = JSON.parse(SecretString);
  const query = new URLSearchParams({
    client_id: secret.client_id,
    client_secret: secret.client_secret,
    grant_type: "refresh_token",
    refresh_token: secret.refresh_token,
  });
  const { result } = await send(`${XT_BASE_URL}/public/uaa/oauth2/token?${query}`, {});
  await secretsManager("PutSecretValue", {
    SecretId: TOKEN_SECRET_ID,
    SecretString: JSON.stringify({ ...secret, ...result }),
    ClientRequestToken: crypto.randomUUID(),
  });
}
