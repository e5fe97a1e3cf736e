import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { TOKEN_SECRET, type World } from "../../sandbox/world.ts";
import { DOCUMENTED_ACCESS_TOKEN, DOCUMENTED_ANSWER, DOCUMENTED_REFRESH_TOKEN } from "../rotation/documented-answer.ts";
import { HOUR_MS, MINUTE_MS, outcomeOf } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";

const DAY_MS = 24 * HOUR_MS;

/** A pair of tokens that are no JWTs, with the other fields of the answer. */
function granting(fields: object): Fault {
  const result = { access_token: `access-${randomUUID()}`, refresh_token: `refresh-${randomUUID()}`, ...fields };
  return { kind: "reply", when: "before", status: 200, body: JSON.stringify({ rc: 0, mc: "SUCCESS", result }) };
}

function jwt(exp: number | string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part({ exp, jti: randomUUID() })}.${Buffer.from(randomUUID()).toString("base64url")}`;
}

/** How an answer says that its access token lives for a day. */
const A_DAY: readonly (readonly [string, (world: World) => object])[] = [
  ["expires_in 86400", () => ({ expires_in: 86_400 })],
  ['expires_in "86400"', () => ({ expires_in: "86400" })],
  ["expires_in 86400000", () => ({ expires_in: 86_400_000 })],
  ["exp in milliseconds", ({ now }) => ({ access_token: jwt(now() + DAY_MS), expires_in: 60 })],
  ["exp in milliseconds as text", ({ now }) => ({ access_token: jwt(String(now() + DAY_MS)), expires_in: 60 })],
];

it.concurrent.each(A_DAY)(
  "takes %s for a day, and renews within a twentieth of it before two thirds",
  async (_, fields) => {
    await inWorld({}, async (world) => {
      // given
      world.seed();
      world.setFaults({ xt: () => granting(fields(world)) });

      // when
      const earliestMs = world.now();
      const ending = await world.tick();
      const latestMs = world.now();
      world.advance(14.8 * HOUR_MS - MINUTE_MS - (latestMs - earliestMs));
      const early = outcomeOf(await world.tick());
      world.advance(1.2 * HOUR_MS + MINUTE_MS + (latestMs - earliestMs));
      const due = outcomeOf(await world.tick());

      // then
      const result = ending.kind === "returned" ? ending.result : undefined;
      for (const [instant, fromMs, toMs] of [
        [result?.expiresAt, 24 * HOUR_MS, 24 * HOUR_MS],
        [result?.nextRenewalAt, 14.8 * HOUR_MS, 16 * HOUR_MS],
      ] as const) {
        expect(Date.parse(instant ?? "")).toBeGreaterThanOrEqual(earliestMs + fromMs);
        expect(Date.parse(instant ?? "")).toBeLessThanOrEqual(latestMs + toMs);
      }
      expect([early, due]).toEqual(["idle", "rotated"]);
    });
  },
);

it.concurrent("writes no more versions than Secrets Manager keeps when every answer claims a life of one second", async () => {
  await inWorld({}, async (world) => {
    // given
    world.seed();
    world.setFaults({ xt: () => granting({ expires_in: 1 }) });
    const outcomes: string[] = [];

    // when
    for (let tick = 0; tick < 96; tick += 1) {
      outcomes.push(outcomeOf(await world.tick()));
      world.advance(15 * MINUTE_MS);
    }

    // then
    expect(outcomes.filter((outcome) => outcome !== "idle")).toEqual(Array.from({ length: 48 }, () => "rotated"));
    expect(world.secretsManager.versions(TOKEN_SECRET)).toHaveLength(97);
  });
});

it.concurrent("keeps the pair of the documentation's example, comments and all", async () => {
  await inWorld({ beginsAtMs: Date.UTC(2023, 6, 1) }, async (world) => {
    // given
    world.seed();
    const parent = world.secretsManager.labels(TOKEN_SECRET)[LABEL.current];
    world.setFaults({ xt: () => ({ kind: "reply", when: "after", status: 200, body: DOCUMENTED_ANSWER }) });

    // when
    const ending = await world.tick();

    // then
    expect(ending).toMatchObject({
      result: {
        outcome: "rotated",
        expiresAt: "2023-08-09T06:04:36.000Z",
        refreshExpiresAt: "2023-09-08T06:04:36.000Z",
      },
    });
    expect(JSON.parse(world.secretsManager.value(TOKEN_SECRET) ?? "")).toMatchObject({
      refresh_token: DOCUMENTED_REFRESH_TOKEN,
      access_token: DOCUMENTED_ACCESS_TOKEN,
      user_id: "12345678",
      client_id: "35LF2FSLHX5IRQA4",
      scope: "userinfo",
      parent,
    });
  });
});
