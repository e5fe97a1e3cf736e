import { expect, it } from "vitest";
import { type PeopleWorld, PREFIX, startPeopleWorld } from "./fixtures/people-world.ts";
import { environmentFor, runCommand } from "./fixtures/run-command.ts";

const CONNECTION = ["--token-secret", "token", "--client-secret", "client", "--escrow-prefix", PREFIX];

/** Runs the command in a process of its own against one of these worlds. */
function runIn(world: PeopleWorld, words: readonly string[], input: string) {
  const environment = { ...environmentFor(world.aws.url), AWS_ENDPOINT_URL_SSM: world.parameterStore.url };
  return runCommand([...words, ...CONNECTION, "--base-url", world.xt.url], input, environment);
}

it("authorizes from standard input, and a recovery then has nothing to do", async () => {
  // The process has the system's clock, and would find the lifetimes of another's odd.
  const world = await startPeopleWorld({ beginsAtMs: Date.now() });
  const redirected = `https://desk.example/back?code=${world.xt.code()}\n`;

  const authorized = await runIn(world, ["authorize", "--redirect-uri", "https://desk.example/back"], redirected);
  const recovered = await runIn(world, ["recover", "--json"], "");

  const { AWSCURRENT: current } = world.aws.labels("token");
  expect(authorized).toMatchObject({ exit: 0, stderr: "" });
  expect(authorized.stdout).toContain(`token pair: written to token as version ${current}`);
  expect(recovered).toMatchObject({ exit: 0, stderr: "" });
  expect(JSON.parse(recovered.stdout)).toMatchObject({
    state: "sound",
    current,
    pairs: [{ versionId: current, verdict: "in-use" }],
    escrow: { state: "read", prefix: PREFIX },
  });
});

it("asks nothing of anybody while the redirect URI is missing", async () => {
  const world = await startPeopleWorld();

  const run = await runIn(world, ["authorize"], world.xt.code());

  expect(run).toEqual({
    exit: 2,
    stdout: "",
    stderr: "xt-token: --redirect-uri is missing, give the URI that is registered for this client at XT\n",
  });
  expect(world.aws.calls).toEqual([]);
});
