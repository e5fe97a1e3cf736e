import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import {
  answer,
  CLIENT_SECRET,
  type FakeAws,
  fleet,
  LOST,
  NOT_CONNECTED,
  result,
  startAws,
  state,
  TOKEN_SECRET,
  V2,
  WELL,
} from "./fixtures/aws.ts";
import { COMMAND, type CommandRun, environmentFor } from "./fixtures/run-command.ts";

const TERMINAL = join(import.meta.dirname, "fixtures/terminal.py");
const hasTerminal = spawnSync("python3", ["-c", "import pty"]).status === 0;

interface TerminalRun extends Pick<CommandRun, "exit" | "stdout"> {
  /** All that the terminal showed, standard error and what was typed. */
  readonly screen: string;
  /** Whether the terminal's settings were afterwards what they had been. */
  readonly restored: boolean;
}

/** Waits for each text on the screen and then types the keys beside it, or sends the signal. */
async function converse(
  aws: FakeAws,
  command: string,
  conversation: readonly (readonly [awaited: string, keys: string])[],
  environment: Record<string, string> = { TERM: "dumb" },
): Promise<TerminalRun> {
  const words = [TERMINAL, JSON.stringify(conversation), process.execPath, "--import", "tsx", COMMAND];
  const env = { ...environmentFor(aws.url), ...environment };
  const { stdout } = await promisify(execFile)("python3", [...words, ...command.split(" ")], { env, timeout: 20_000 });
  return JSON.parse(stdout);
}

const EMPTY = { ...WELL, labels: {}, current: null, pairs: [] };

it.skipIf(!hasTerminal)("shows the client id only, and takes a token longer than a terminal's line", async () => {
  const aws = await startAws({ answers: [answer(EMPTY), answer(WELL)] });
  const longToken = "r".repeat(9_000);

  const run = await converse(aws, "seed", [
    ["client id: ", "client-2\x7f1\r"],
    ["client secret (not shown): ", "\x1b[200~secret-1\x1b[201~\r"],
    ["refresh token (not shown): ", ` ${longToken}\r`],
  ]);

  expect(run).toMatchObject({ exit: 0, restored: true });
  expect(run.screen).toContain(
    "\nclient id: client-2\b \b1\r\nclient secret (not shown): \r\nrefresh token (not shown): \r\n",
  );
  expect(aws.writes.map(({ SecretId, SecretString }) => [SecretId, SecretString])).toEqual([
    [CLIENT_SECRET, '{"client_id":"client-1","client_secret":"secret-1"}'],
    [TOKEN_SECRET, `{"schema":1,"client_id":"client-1","refresh_token":"${longToken}"}`],
  ]);
});

it.skipIf(!hasTerminal)("takes one paste of several lines for several answers", async () => {
  const aws = await startAws({ answers: [answer(EMPTY), answer(WELL)] });

  const run = await converse(aws, "seed --credentials-only", [["client id: ", "client-1\r\n\nsecret-1\r\n"]]);

  expect(run.screen).not.toContain("secret-1");
  expect(aws.writes.map(({ SecretString }) => SecretString)).toEqual([
    '{"client_id":"client-1","client_secret":"secret-1"}',
  ]);
});

it.skipIf(!hasTerminal)("hides the code", async () => {
  const aws = await startAws({ answers: [answer(WELL), answer(result("authorized", "authorized: done"))] });

  const run = await converse(aws, "authorize --redirect-uri https://desk.example/cb", [["(not shown): ", "c0de-1\r"]]);

  expect(run).toMatchObject({ exit: 0, restored: true });
  expect(run.screen + run.stdout).not.toContain("c0de-1");
  expect(aws.events.at(-1)).toEqual({ authorize: { code: "c0de-1" } });
});

it.skipIf(!hasTerminal).each([
  ["y", [{ inspect: true }, { promote: { versionId: V2 } }, { inspect: true }]],
  ["", [{ inspect: true }]],
])("puts a pair in use where %j answers the question", async (typed, events) => {
  const aws = await startAws({ answers: [answer(LOST), answer(result("settled", "promoted: done")), answer(WELL)] });

  await converse(aws, "recover", [["put version 22222222 in use? [y/N]: ", `${typed}\r`]]);

  expect(aws.events).toEqual(events);
});

it.skipIf(!hasTerminal).each(["SIGHUP", "SIGINT", "SIGTERM", "\x03", "\x04"])(
  "restores the terminal and writes nothing when %j ends it",
  async (end) => {
    const aws = await startAws({ answers: [answer(EMPTY)] });

    const run = await converse(aws, "seed", [
      ["client id: ", "client-1\r"],
      ["client secret (not shown): ", end],
    ]);

    expect(run.restored).toBe(true);
    expect(run.exit).not.toBe(0);
    expect(aws.writes).toEqual([]);
  },
);

it.skipIf(!hasTerminal).each([
  [{ TERM: "xterm" }, true],
  [{ TERM: "dumb" }, false],
  [{ TERM: "xterm", NO_COLOR: "1" }, false],
])("shows under %j that it waits: %s", async (environment, isShown) => {
  const aws = await startAws();

  const run = await converse(aws, "status", [["account", ""]], environment);

  expect(run.screen.includes("\x1b[")).toBe(isShown);
});

it.skipIf(!hasTerminal).each([
  ["y", 3],
  ["", 0],
])("disconnects where %j answers the question", async (typed, count) => {
  const aws = await startAws();

  await converse(aws, "disconnect --connection user-42", [["disconnect user-42? [y/N]: ", `${typed}\r`]]);

  expect(aws.calls.filter((call) => call.includes(":Delete"))).toHaveLength(count);
});

it.skipIf(!hasTerminal)("asks only for the refresh token of a further connection", async () => {
  const aws = await startAws({ answers: [answer(NOT_CONNECTED)] });

  const run = await converse(aws, "seed --connection user-42", [["refresh token (not shown): ", "refresh-1\r"]]);

  expect(run.exit).toBe(0);
  expect(run.screen).not.toMatch(/client id|refresh-1/);
  expect(aws.writes.map(({ Name }) => Name)).toEqual(["xt/user-42/access-token", "xt/user-42/pair"]);
});

it.skipIf(!hasTerminal).each([
  [{ TERM: "xterm" }, ["0 of 250", "250 of 250"]],
  [{ TERM: "xterm", NO_COLOR: "1" }, []],
])("shows under %j how far a long list is, ten times a second at most", async (environment, drawn) => {
  const states = Array.from({ length: 250 }, (_, index) => state(`user-${String(index + 1).padStart(3, "0")}`));
  const reply = fleet(states);
  const answers = async (event: unknown) => {
    if (JSON.stringify(event).includes("user-250")) await pause(500);
    return reply(event);
  };
  const aws = await startAws({ answers });

  const run = await converse(aws, "connections", [["account", ""]], environment);

  expect(run.stdout).toContain("connections: 250 · ");
  expect(Array.from(run.screen.matchAll(/\r\[[#.]{30}\] (\d+ of 250) connections/g), ([, count]) => count)).toEqual(
    drawn,
  );
});
