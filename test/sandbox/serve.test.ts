import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, it, onTestFinished, vi } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

/** Starts `npm start -- --serve` without npm. Settles with what it printed up to its first ticks, and with what it prints later. */
async function serve(): Promise<{ readonly printed: string; readonly later: (text: string) => Promise<void> }> {
  const program = spawn(process.execPath, ["--import", "tsx", "sandbox/start.ts", "--serve"], { cwd: ROOT });
  onTestFinished(async () => {
    program.kill();
    await once(program, "close");
  });
  let printed = "";
  program.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const later = (text: string) => vi.waitFor(() => expect(printed).toContain(text), { timeout: 50_000, interval: 50 });
  await later("counted");
  return { printed, later };
}

async function invoke(endpoint: string, event: object): Promise<Response> {
  const name = "XtTokenRotation-Function%3Alive";
  const url = `${endpoint}/2015-03-31/functions/${name}/invocations`;
  return fetch(url, { method: "POST", body: JSON.stringify(event) });
}

it("prints what to export, and answers an invocation and XT's page there", { timeout: 60_000 }, async () => {
  // given
  const { printed } = await serve();
  const endpoint = /^export AWS_ENDPOINT_URL=(http:\S+)$/m.exec(printed)?.[1] ?? "";
  const page = /^http:\S+$/m.exec(printed)?.[0] ?? "";

  // when
  const invoked = await invoke(endpoint, {});
  const consent = await fetch(page);

  // then
  expect(printed).toContain(
    "\nexport AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1\nexport AWS_ACCESS_KEY_ID=sandbox\n",
  );
  expect(invoked.headers.get("x-amz-function-error")).toBeNull();
  expect(await invoked.json()).toMatchObject({
    outcome: "halted",
    reason: expect.stringMatching(/^not-seeded: /),
    versionId: null,
  });
  expect(await consent.text()).toContain("Grant access as user 12345678");
});

it("ticks a second user's connection from the moment that it is authorized", { timeout: 120_000 }, async () => {
  // given
  const { printed, later } = await serve();
  const endpoint = /^export AWS_ENDPOINT_URL=(http:\S+)$/m.exec(printed)?.[1] ?? "";
  const page = /^http:\S+$/m.exec(printed)?.[0] ?? "";
  const [, clientId, clientSecret] = /^client id {6}(\S+)\nclient secret {2}(\S+)$/m.exec(printed) ?? [];
  const secretsManager = new SecretsManagerClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
  });
  const credentials = JSON.stringify({ client_id: clientId, client_secret: clientSecret });
  await secretsManager.send(new PutSecretValueCommand({ SecretId: "xt/client", SecretString: credentials }));
  const body = new URLSearchParams({ user: "87654321" });
  const consent = await fetch(page, { method: "POST", body, redirect: "manual" });
  const code = new URL(consent.headers.get("location") ?? "").searchParams.get("code");

  // when
  const authorized = await invoke(endpoint, { connection: "user-42", authorize: { code } });
  const names = await invoke(endpoint, { connections: {} });

  // then
  expect(await authorized.json()).toMatchObject({ outcome: "authorized", connection: "user-42" });
  expect(await names.json()).toMatchObject({ connections: ["default", "user-42"] });
  await later("user-42    tick               idle      not-due");
});
