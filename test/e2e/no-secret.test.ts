import { expect, it } from "vitest";
import type { Call, Fault } from "../../sandbox/faults.ts";
import { CLIENT_SECRET } from "../../sandbox/world.ts";
import { outcomeOf, renewOnce, standingOf } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { findLeaks, secretsOf } from "./fixtures/leaks.ts";
import { STORE_CALLS } from "./fixtures/rotation-calls.ts";

/** The request's query as a gateway repeats it. */
function queryOf({ input }: Call): string {
  const fields = Object.entries(input).map(([name, value]) => [name, String(value)] as const);
  return new URLSearchParams(Object.fromEntries(fields)).toString();
}

function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return { kind: "reply", when: "before", status, headers, body };
}

/** Answers that hand the secrets back. Every world looks for leaks at its end, so a story and its outcome are all that is told. */
const ECHOES: readonly (readonly [string, (call: Call) => Fault, outcome: string])[] = [
  ["a gateway's page", (call) => reply(502, `<h1>Bad gateway</h1> GET /?${queryOf(call)}`), "ExchangeOutcomeUnknown"],
  ["a page with 200", (call) => reply(200, `<h1>Sorry</h1> GET /?${queryOf(call)}`), "ExchangeOutcomeUnknown"],
  ["a redirect", (call) => reply(302, "", { location: `/login?${queryOf(call)}` }), "ExchangeOutcomeUnknown"],
  [
    "an error code",
    ({ input }) => reply(200, JSON.stringify({ rc: 1, mc: String(input["refresh_token"]), ma: [input], result: null })),
    "RotationRejected",
  ],
  ["a refusal", (call) => reply(400, JSON.stringify({ error: queryOf(call), ...call.input })), "RotationRejected"],
];

it.concurrent.each(ECHOES)("shows no secret when XT repeats the request in %s", async (_, echo, outcome) => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    world.setFaults({ xt: echo });

    // when
    const ending = await world.tick();

    // then
    expect(outcomeOf(ending)).toBe(outcome);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

const REPEATED: readonly (readonly ["fencing" | "staging" | "promoting", outcome: string])[] = [
  ["fencing", "StoreUnavailable"],
  ["staging", "rotated"],
  ["promoting", "PromotionRefused"],
];

it.concurrent.each(REPEATED)("shows no secret when Secrets Manager repeats them while %s", async (at, outcome) => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const secrets = secretsOf(world).join(" ");
    let isOver = false;
    world.setFaults({
      secretsManager(call) {
        if (isOver || !STORE_CALLS[at](call)) return undefined;
        isOver = true;
        const Message = `Value '${call.input["SecretString"]}' failed to satisfy ${secrets}`;
        return reply(400, JSON.stringify({ __type: "ValidationException", Message }));
      },
    });

    // when
    const ending = await world.tick();

    // then
    expect(outcomeOf(ending)).toBe(outcome);
  });
});

it("knows every secret of a world, and finds each in a text, whole or in part", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const secrets = secretsOf(world);
    const newest = world.xt.newestRefreshToken ?? "";
    const { client_secret: clientSecret } = JSON.parse(world.secretsManager.value(CLIENT_SECRET) ?? "");
    const signature = newest.split(".")[2] ?? "";

    // when
    const texts = [newest, clientSecret, `…${signature.slice(0, 47)}…`, "eyJhbGciOiJSUzI1NiJ9"];
    const found = texts.map((text) => findLeaks(`before ${text} after`, secrets).length > 0);

    // then
    expect(secrets).toHaveLength(4);
    expect(found).toEqual([true, true, true, true]);
    expect(findLeaks("a+b%2Fc", ["b/c"])).toEqual(["b%2Fc"]);
    expect(findLeaks("nothing here", secrets)).toEqual([]);
  });
});
