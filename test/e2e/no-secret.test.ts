import { expect, it } from "vitest";
import type { Call, Fault } from "../../sandbox/faults.ts";
import { CLIENT_SECRET } from "../../sandbox/world.ts";
import { outcomeOf, renewOnce, standingOf } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { findLeaks, secretsOf } from "./fixtures/leaks.ts";

/** The request's query as a gateway repeats it. */
function queryOf({ input }: Call): string {
  const fields = Object.entries(input).map(([name, value]) => [name, String(value)] as const);
  return new URLSearchParams(Object.fromEntries(fields)).toString();
}

function isMark({ operation }: Call): boolean {
  return operation === "UpdateSecretVersionStage";
}

function reply(status: number, body: string): Fault {
  return { kind: "reply", when: "before", status, body };
}

/** Every world looks for leaks at its end. That the sources show none in any case is the secrecy suite's; this is the built bundle. */
it.concurrent("shows no secret when XT and Secrets Manager repeat them", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const secrets = secretsOf(world).join(" ");
    world.setFaults({
      xt: (call) => reply(200, JSON.stringify({ rc: 1, mc: call.input["refresh_token"], ma: [queryOf(call)] })),
      secretsManager(call) {
        if (!isMark(call)) return undefined;
        return reply(400, JSON.stringify({ __type: "ValidationException", Message: `'${secrets}' is not valid` }));
      },
    });

    // when
    const ending = await world.tick();

    // then
    expect(outcomeOf(ending)).toBe("RotationRejected");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
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
