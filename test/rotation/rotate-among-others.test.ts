import { expect, it } from "vitest";
import type { TokenAnswer } from "../../lambda/rotation/ports.ts";
import { rotate } from "../../lambda/rotation/rotate.ts";
import type { ExchangeOutcome } from "../../lambda/rotation/token-answer.ts";
import { denied, missing } from "./fleet.ts";
import { answered, at } from "./given.ts";
import { createWorld, GRANT, tick, type World } from "./world.ts";

const ABSENT = { describe: missing("DescribeSecret"), readCurrent: missing("GetSecretValue") };

it("halts with severity 3 if nobody has authorized a further connection yet", async () => {
  // given
  const { ports, request } = createWorld({ store: ABSENT });

  // when
  const ended = await rotate(ports, request({ connection: "desk-a" }));

  // then
  expect(ended).toEqual({
    result: {
      outcome: "halted",
      reason:
        "not-connected: there is no connection desk-a: check the name, or authorize it for the first time, type npx --no xt-token authorize",
      connection: "desk-a",
      versionId: null,
      expiresAt: null,
      refreshExpiresAt: null,
      nextRenewalAt: null,
    },
    severity: 3,
  });
});

it("fails if the secret of default is missing, because the template makes it", async () => {
  const world = createWorld({ store: ABSENT });

  await expect(tick(world)).rejects.toMatchObject({ name: "StoreUnavailable", code: "ResourceNotFoundException" });
});

it("fails if the secret of a further connection may not be read", async () => {
  const world = createWorld({ store: { describe: denied("DescribeSecret") } });

  const run = tick(world, { connection: "desk-a" });

  await expect(run).rejects.toMatchObject({ name: "StoreUnavailable", code: "AccessDeniedException" });
});

it("leaves a token unspent while XT throttles others", async () => {
  // given
  const world = createWorld();

  // when
  const result = await tick(world, { restUntilMs: at("12:10") });

  // then
  expect(result).toMatchObject({
    outcome: "idle",
    reason:
      "resting: XT throttles other connections too and may have locked this address, the next attempt is after 2026-11-23T12:10:00.000Z",
  });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

/** The outcomes that a tick in this world tells, each with what was called last before it. */
async function told(world: World): Promise<readonly string[]> {
  const outcomes: string[] = [];
  const onOutcome = (kind: ExchangeOutcome["kind"]) => {
    outcomes.push(`${kind} after ${world.calls.at(-1)}`);
  };
  await tick(world, { onOutcome }).catch(() => {});
  return outcomes;
}

it.each<[string, TokenAnswer]>([
  ["rejected", answered(200, '{"rc":1,"mc":"AUTH_001"}')],
  ["turned-away", answered(403, "blocked")],
  ["throttled", answered(429, "")],
  ["unknown", answered(502, "")],
  ["unsent", { kind: "unsent", code: "ECONNREFUSED" }],
])("tells of an exchange that ended %s", async (kind, answer) => {
  await expect(told(createWorld({ answer }))).resolves.toEqual([`${kind} after exchange refresh-1`]);
});

it("tells of a grant once its pair is safe, and not before", async () => {
  await expect(told(createWorld({ answer: GRANT }))).resolves.toEqual(["granted after stage issued-1-of-v1"]);
});

it("tells nothing where it makes no exchange", async () => {
  await expect(told(createWorld({ time: "11:00" }))).resolves.toEqual([]);
});
