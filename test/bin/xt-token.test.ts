import { expect, it, onTestFinished } from "vitest";
import { type SecretsManagerStandIn, startSecretsManager } from "../../sandbox/secrets-manager/server.ts";
import { environmentFor, runCommand } from "./fixtures/run-command.ts";
import { issuedPair } from "./fixtures/stored-pair.ts";

const INPUT = '{"client_id":"client-1","client_secret":"secret-1","refresh_token":"refresh-1"}';
const NAMES = ["seed", "--token-secret", "xt/token", "--client-secret", "xt/client"];
const TYPED = /secret-1|refresh-1/;

async function start(token?: string): Promise<SecretsManagerStandIn> {
  const aws = await startSecretsManager();
  onTestFinished(() => aws.close());
  aws.createSecret("xt/token", token);
  aws.createSecret("xt/client");
  return aws;
}

it("seeds from standard input and says what is where and what comes next", async () => {
  const aws = await start();

  const run = await runCommand(NAMES, INPUT, environmentFor(aws.url));

  const lines = run.stdout.split("\n");
  expect(run).toMatchObject({ exit: 0, stderr: "" });
  expect(lines[0]).toBe(`client credentials: written to xt/client as version ${aws.labels("xt/client")["AWSCURRENT"]}`);
  expect(lines[1]).toBe(`token pair: written to xt/token as version ${aws.labels("xt/token")["AWSCURRENT"]}`);
  expect(lines[2]).toMatch(/^next: the next tick, within 15 minutes unless the stack says otherwise, renews it/);
  expect(lines[3]).toMatch(/aws lambda invoke .* --function-name <FunctionName>$/);
  expect(lines[4]).toMatch(/aws logs tail --follow/);
  expect(run.stdout).not.toMatch(TYPED);
  expect(aws.value("xt/token")).toBe('{"schema":1,"client_id":"client-1","refresh_token":"refresh-1"}');
});

it("writes the client credentials alone where it is asked to", async () => {
  const aws = await start();
  const input = '{"client_id":"client-1","client_secret":"secret-1"}';

  const run = await runCommand([...NAMES, "--credentials-only"], input, environmentFor(aws.url));

  expect(run).toMatchObject({ exit: 0, stderr: "" });
  expect(run.stdout).toBe(
    `client credentials: written to xt/client as version ${aws.labels("xt/client")["AWSCURRENT"]}\n`,
  );
  expect(aws.labels("xt/token")).toEqual({});
});

it("says when a pair of known lifetime will be renewed", async () => {
  const aws = await start();
  const document = { ...JSON.parse(INPUT), access_token: "access-1", expires_at: "2999-01-01T00:00:00Z" };

  const run = await runCommand([...NAMES, "--region", "eu-west-1"], JSON.stringify(document), environmentFor(aws.url));

  expect(run.stdout).toMatch(/takes it up and renews it from 26\d\d-\d\d-\d\dT\S+Z on;/);
  expect(run.stdout).toContain("aws --region eu-west-1 lambda invoke");
});

it("refuses to replace a live pair, and names the words that do", async () => {
  const live = issuedPair({ refresh_expires_at: undefined });
  const aws = await start(live);

  const run = await runCommand([...NAMES, "--region", "eu-west-1"], INPUT, environmentFor(aws.url));

  expect(run).toMatchObject({ exit: 1, stdout: "" });
  expect(run.stderr).toMatch(/^xt-token: version \S+ of xt\/token \(AWSCURRENT\) holds a pair .*\n$/);
  expect(run.stderr).toContain(
    "nothing is written, to write only the client credentials type npx xt-token seed --token-secret xt/token --client-secret xt/client " +
      "--region eu-west-1 --credentials-only, to replace what is there, the pair in use too, type the same with --overwrite in its place",
  );
  expect(run.stderr).not.toMatch(/refresh-issued|access-issued|refresh-1/);
  expect(aws.value("xt/token")).toBe(live);
});

it("says that a second seeding of the same had nothing to do", async () => {
  const aws = await start();
  await runCommand(NAMES, INPUT, environmentFor(aws.url));

  const run = await runCommand(NAMES, INPUT, environmentFor(aws.url));

  expect(run).toMatchObject({ exit: 0, stderr: "" });
  expect(run.stdout).toMatch(
    /^client credentials: nothing to do, version \S+ of xt\/client holds the same\ntoken pair: nothing to do, version \w{64} of xt\/token holds the same refresh token\n$/,
  );
});

it("asks nothing of AWS when a secret stands in the command line", async () => {
  const aws = await start();

  const run = await runCommand([...NAMES, "--refresh-token=refresh-1"], INPUT, environmentFor(aws.url));

  expect(run).toMatchObject({ exit: 2, stdout: "" });
  expect(run.stderr).toMatch(/^xt-token: argument 6 is not expected .* must be considered exposed/);
  expect(run.stderr).not.toMatch(TYPED);
  expect(aws.calls).toEqual([]);
});

it("asks nothing of AWS when the input must be mended", async () => {
  const aws = await start();

  const run = await runCommand(
    NAMES,
    '{"client_id":"client-1","refresh_token":"refresh-1 x"}',
    environmentFor(aws.url),
  );

  expect(run).toEqual({
    exit: 2,
    stdout: "",
    stderr:
      "xt-token: client_secret must be a string, got nothing\n" +
      "xt-token: refresh_token must be one word of printable ASCII, got a space or a line end inside it, paste it again\n",
  });
  expect(aws.calls).toEqual([]);
});

it.each([
  [["seed", "--token-secret", "xt/nowhere", "--client-secret", "xt/client"], "xt/nowhere"],
  [["seed", "--token-secret", "xt/token", "--client-secret", "xt/nowhere"], "xt/nowhere"],
])("says that a secret is missing, after %j", async (words, missing) => {
  const aws = await start();

  const run = await runCommand(words, INPUT, environmentFor(aws.url));

  expect(run).toEqual({
    exit: 1,
    stdout: "",
    stderr: `xt-token: DescribeSecret on ${missing} failed with ResourceNotFoundException, deploy the stack first, or check the name, the account and --region\n`,
  });
  expect(aws.versions("xt/client")).toEqual([]);
});

it("names the action that is denied, after saying what is written already", async () => {
  const aws = await start();
  const body = JSON.stringify({ __type: "AccessDeniedException", Message: INPUT });
  aws.setFaults(({ operation, input }) =>
    operation === "PutSecretValue" && input["SecretId"] === "xt/token"
      ? { kind: "reply", when: "before", status: 400, body }
      : undefined,
  );

  const run = await runCommand(NAMES, INPUT, environmentFor(aws.url));

  expect(run.exit).toBe(1);
  expect(run.stdout).toMatch(/^client credentials: written to xt\/client as version \S+\n$/);
  expect(run.stderr).toMatch(
    /^xt-token: PutSecretValue on xt\/token failed with AccessDeniedException, allow secretsmanager:PutSecretValue on this/,
  );
  expect(run.stderr).not.toMatch(TYPED);
});

it.each([
  ["a region", "AWS_REGION", "no AWS region is configured, add --region or set AWS_REGION"],
  [
    "credentials",
    "AWS_ACCESS_KEY_ID",
    "no AWS credentials were found (CredentialsProviderError), sign in (aws sso login)",
  ],
])("says how to set %s where there is none", async (_what, variable, sentence) => {
  const aws = await start();

  const run = await runCommand(NAMES, INPUT, { ...environmentFor(aws.url), [variable]: undefined });

  expect(run.exit).toBe(1);
  expect(run.stderr).toContain(`xt-token: ${sentence}`);
  expect(aws.calls).toEqual([]);
});

it.each([
  [["--help"], 0, /^usage: xt-token <command> \[options\]\n[\s\S]*\n {2}recover +shows every version/],
  [
    ["seed", "--help"],
    0,
    /^usage: xt-token seed \[options\]\n[\s\S]*\n {2}--overwrite +replace[\s\S]*\n {2}--stack <name> /,
  ],
  [[], 2, /^usage: xt-token <command>/],
])("after %j prints its usage", async (words, exit, usage) => {
  const run = await runCommand(words, "", environmentFor("http://127.0.0.1:1"));

  expect(run).toEqual({ exit, stderr: "", stdout: expect.stringMatching(usage) });
});

it("asks the stack where nothing names the secrets, and says how to name them where it cannot be asked", async () => {
  const run = await runCommand(["status"], "", environmentFor("http://127.0.0.1:1"));

  expect(run).toEqual({
    exit: 1,
    stdout: "",
    stderr:
      "xt-token: DescribeStacks on XtTokenRotation failed with ECONNREFUSED, check the network and the region, or name both secrets " +
      "with --token-secret and --client-secret\n",
  });
});
