import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { listen } from "../../sandbox/listen.ts";
import { runProgram } from "../deploy/run-program.ts";
import { startDeskWorld } from "./desk-world.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "examples", "reading");

/** Calls XT, waits until the test has done its part, calls again, and prints each status. */
const TWICE = [
  "import sys, call_xt",
  "print(call_xt.call_xt(sys.argv[1])[0], flush=True)",
  "import urllib.request; urllib.request.urlopen(sys.argv[2]).read()",
  "print(call_xt.call_xt(sys.argv[1])[0])",
].join("\n");

let missing: string | undefined;

beforeAll(async () => {
  const { exit } = await runProgram("python3", ["-c", "import aws_secretsmanager_caching"]);
  if (exit !== 0) missing = "not run: python3 with aws-secretsmanager-caching is not installed";
});

it("reads with AWS's caching library in Python, and past its cache where XT refuses the token", async ({ skip }) => {
  if (missing !== undefined) skip(missing);
  // given
  const world = await startDeskWorld();
  const renewal = await listen(0, async (_, response) => {
    world.publish("token-2");
    world.take("token-2");
    response.end();
  });

  // when
  const run = await runProgram("python3", ["-c", TWICE, world.xtUrl, renewal.url], {
    env: { ...process.env, ...world.environment, PYTHONPATH: `${EXAMPLES}:${process.env["PYTHONPATH"] ?? ""}` },
  });
  await renewal.close();

  // then
  expect(run).toEqual({ exit: 0, output: "200\n200\n" });
  expect(world.presented).toEqual(["token-1", "token-1", "token-2"]);
  expect(world.secrets.calls.map(({ operation }) => operation)).toEqual([
    "DescribeSecret",
    "GetSecretValue",
    "DescribeSecret",
    "GetSecretValue",
  ]);
});
