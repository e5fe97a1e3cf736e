import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { type SecretsManagerStandIn, startSecretsManager } from "../../sandbox/secrets-manager/server.ts";
import { COMMAND, type CommandRun, environmentFor } from "./fixtures/run-command.ts";

const TERMINAL = join(import.meta.dirname, "fixtures/terminal.py");
const hasTerminal = spawnSync("python3", ["-c", "import pty"]).status === 0;
const SEED = [COMMAND, "seed", "--token-secret", "xt/token", "--client-secret", "xt/client"];

/** What a spinner draws, and what it erases it with: both come and go with the speed of the machine. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
const PROGRESS = /\r\u001b\[K(?:\S* looking at both secrets)?/gu;

interface TerminalRun extends Pick<CommandRun, "exit" | "stdout"> {
  /** Without the progress shown meanwhile. */
  readonly screen: string;
  /** Whether the terminal's settings were afterwards what they had been. */
  readonly restored: boolean;
}

/** Waits for each text on the screen and then types the keys beside it, or sends the signal. */
async function converse(
  aws: SecretsManagerStandIn,
  conversation: readonly (readonly [awaited: string, keys: string])[],
): Promise<TerminalRun> {
  const words = [TERMINAL, JSON.stringify(conversation), process.execPath, "--import", "tsx", ...SEED];
  const { stdout } = await promisify(execFile)("python3", words, { env: environmentFor(aws.url), timeout: 20_000 });
  const run = JSON.parse(stdout);
  return { ...run, screen: run.screen.replaceAll(PROGRESS, "") };
}

async function start(): Promise<SecretsManagerStandIn> {
  const aws = await startSecretsManager();
  onTestFinished(() => aws.close());
  aws.createSecret("xt/token");
  aws.createSecret("xt/client");
  return aws;
}

it.skipIf(!hasTerminal)(
  "asks on a terminal, shows the client id only, and takes a token longer than a line",
  async () => {
    const aws = await start();
    const longToken = "r".repeat(9_000);

    const run = await converse(aws, [
      ["client id: ", "client-2\x7f1\r"],
      ["client secret (not shown): ", "secret-1\r"],
      ["refresh token (not shown): ", ` ${longToken}\r`],
    ]);

    expect(run).toMatchObject({ exit: 0, restored: true });
    expect(run.screen).toBe(
      "client id: client-2\b \b1\r\nclient secret (not shown): \r\nrefresh token (not shown): \r\n",
    );
    expect(run.stdout).toMatch(/^client credentials: written to xt\/client .*\ntoken pair: written to xt\/token /);
    expect(aws.value("xt/token")).toBe(`{"schema":1,"client_id":"client-1","refresh_token":"${longToken}"}`);
  },
);

it.skipIf(!hasTerminal)("stops at Ctrl-C with the terminal restored and nothing written", async () => {
  const aws = await start();

  const run = await converse(aws, [
    ["client id: ", "client-1\r"],
    ["client secret (not shown): ", "secr\x03"],
  ]);

  expect(run).toMatchObject({ exit: 1, restored: true, stdout: "" });
  expect(run.screen).toMatch(/\nxt-token: stopped at the prompt, nothing is written\r\n$/);
  expect(aws.versions("xt/client")).toEqual([]);
});

it.skipIf(!hasTerminal).each(["SIGHUP", "SIGINT", "SIGTERM"])(
  "restores the terminal when %s ends it",
  async (signal) => {
    const aws = await start();

    const run = await converse(aws, [
      ["client id: ", "client-1\r"],
      ["client secret (not shown): ", signal],
    ]);

    expect(run).toMatchObject({ restored: true, stdout: "" });
    expect(run.exit).not.toBe(0);
  },
);

it.skipIf(!hasTerminal)("asks for no secret when AWS is out of reach", async () => {
  const aws = await start();
  aws.setFaults(({ operation }) =>
    operation === "DescribeSecret"
      ? { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' }
      : undefined,
  );

  const run = await converse(aws, []);

  expect(run).toMatchObject({ exit: 1, restored: true });
  expect(run.screen).toMatch(/^xt-token: DescribeSecret on xt\/token failed with AccessDeniedException, allow/);
});
