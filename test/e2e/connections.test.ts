import { expect, it } from "vitest";
import type { Call, FaultPlan } from "../../sandbox/faults.ts";
import type { World } from "../../sandbox/world.ts";
import { HOUR_MS, MINUTE_MS, outcomeOf, reasonOf } from "./fixtures/course.ts";
import {
  census,
  connect,
  inFleetWorld,
  namesOf,
  PREFIX,
  pairOf,
  publishedOf,
  refusal,
  schedulesOf,
  statesOf,
  tickOf,
} from "./fixtures/fleet.ts";

/** Whether XT would renew the pair in use, and workloads read the access token of a pair. */
function isWell(world: World, connection: string): boolean {
  const pair = pairOf(world, connection);
  const published = publishedOf(world, connection);
  return pair !== undefined && world.xt.isLive(pair.refreshToken) && published["connection"] === connection;
}

it("connects a user by one event: secrets, exchange, published token, schedule", async () => {
  await inFleetWorld(async (world) => {
    // given
    const code = world.xt.code();

    // when
    const ending = await connect(world, "user-42", code);

    // then
    expect(ending).toMatchObject({ kind: "returned", result: { outcome: "authorized", connection: "user-42" } });
    expect(isWell(world, "user-42")).toBe(true);
    expect(publishedOf(world, "user-42")).not.toHaveProperty("refresh_token");
    expect(schedulesOf(world)).toEqual({ "user-42": true });
    expect(world.secretsManager.labels("xt/token")).toEqual({});
  });
});

it("renews each of two users from its own secret, and neither reads the other's", async () => {
  await inFleetWorld(async (world) => {
    // given
    await connect(world, "user-1", world.xt.code());
    await connect(world, "user-2", world.xt.code("87654321"));
    const before = [pairOf(world, "user-1"), pairOf(world, "user-2")];

    // when
    world.advance(16 * HOUR_MS);
    const outcomes = [outcomeOf(await tickOf(world, "user-1")), outcomeOf(await tickOf(world, "user-2"))];

    // then
    expect(outcomes).toEqual(["rotated", "rotated"]);
    expect([isWell(world, "user-1"), isWell(world, "user-2")]).toEqual([true, true]);
    expect([pairOf(world, "user-1"), pairOf(world, "user-2")]).not.toEqual(before);
    expect(publishedOf(world, "user-1")["user_id"]).not.toBe(publishedOf(world, "user-2")["user_id"]);
  });
});

it("makes one exchange of a code that is delivered twice", async () => {
  await inFleetWorld(async (world) => {
    // given
    const code = world.xt.code();

    // when
    const first = await connect(world, "user-42", code);
    const second = await connect(world, "user-42", code);

    // then
    expect([outcomeOf(first), outcomeOf(second)]).toEqual(["authorized", "authorized"]);
    expect(world.xt.exchanges).toHaveLength(1);
  });
});

it("stores another XT user's pair without using it, until an event has replaceAccount", async () => {
  await inFleetWorld(async (world) => {
    // given
    await connect(world, "user-42");
    const mine = pairOf(world, "user-42");

    // when
    const ending = await connect(world, "user-42", world.xt.code("87654321"));
    const kept = pairOf(world, "user-42");
    const replaced = await connect(world, "user-42", world.xt.code("87654321"), { replaceAccount: true });

    // then
    expect(reasonOf(ending)).toBe("other-account");
    expect(ending).toMatchObject({
      result: { reason: expect.stringContaining("npx --no xt-token recover --connection user-42 --promote ") },
    });
    expect(kept).toEqual(mine);
    expect(outcomeOf(replaced)).toBe("authorized");
    expect(pairOf(world, "user-42")).not.toEqual(mine);
  });
});

it("does not let the late delivery of an old code replace a newer pair, of the same user or of another", async () => {
  await inFleetWorld(async (world) => {
    // given a connection that another user took over, long ago
    const [mine, theirs] = [world.xt.code(), world.xt.code("87654321")];
    await connect(world, "user-42", mine);
    await connect(world, "user-42", theirs, { replaceAccount: true });
    for (let renewal = 1; renewal <= 7; renewal += 1) {
      world.advance(16 * HOUR_MS);
      await tickOf(world, "user-42");
    }
    const inUse = pairOf(world, "user-42");

    // when
    const late = reasonOf(await connect(world, "user-42", mine));
    const again = outcomeOf(await connect(world, "user-42", theirs));

    // then
    expect([late, again]).toEqual(["other-account", "authorized"]);
    expect(pairOf(world, "user-42")).toEqual(inUse);
    expect(isWell(world, "user-42")).toBe(true);
  });
});

it("keeps the accounts of two users apart who come under one new name in the same moment", async () => {
  await inFleetWorld(async (world) => {
    // given a user who comes while the code of another is exchanged
    const other = world.xt.code("87654321");
    let isFirst = true;
    let meanwhile = "";
    world.setFaults({
      xt: () => {
        if (!isFirst) return undefined;
        isFirst = false;
        const act = async () => {
          meanwhile = outcomeOf(await connect(world, "user-42", other));
        };
        return { kind: "act", when: "after", act };
      },
    });

    // when
    const first = reasonOf(await connect(world, "user-42"));

    // then
    expect([meanwhile, first]).toEqual(["authorized", "other-account"]);
    expect(publishedOf(world, "user-42")["user_id"]).toBe("87654321");
  });
});

it("counts a pair that a run received and did not put in use, when another user comes", async () => {
  await inFleetWorld(async (world) => {
    // given a run that dies between staging and promotion
    world.setFaults({
      secretsManager: ({ operation }: Call) =>
        operation === "UpdateSecretVersionStage" ? world.kill("before") : undefined,
    });
    const died = outcomeOf(await connect(world, "user-42"));
    world.setFaults({});

    // when
    const ending = reasonOf(await connect(world, "user-42", world.xt.code("87654321")));
    await tickOf(world, "user-42");

    // then
    expect([died, ending]).toEqual(["died", "other-account"]);
    expect(publishedOf(world, "user-42")["user_id"]).toBe("12345678");
  });
});

it("connects nobody again by a code that XT refuses", async () => {
  await inFleetWorld(async (world) => {
    // given
    await connect(world, "user-42");
    world.scheduler.schedules.remove("XtTokenRotation-Group", "user-42");
    world.secretsManager.deleteSecret(`${PREFIX}user-42/pair`);
    world.secretsManager.deleteSecret(`${PREFIX}user-42/access-token`);

    // when
    const refused = outcomeOf(await connect(world, "user-42", "no-such-code"));
    world.advance(17 * HOUR_MS);
    const report = await census(world);
    const ticked = reasonOf(await tickOf(world, "user-42"));
    const accepted = outcomeOf(await connect(world, "user-42"));

    // then
    expect([refused, ticked, accepted]).toEqual(["AuthorizationRejected", "disconnected", "authorized"]);
    expect(report).toMatchObject({ mended: [], unattendedCount: 0 });
    expect(isWell(world, "user-42")).toBe(true);
  });
});

it("restores the secrets of a disconnected connection", async () => {
  await inFleetWorld(async (world) => {
    // given
    await connect(world, "user-42");
    world.scheduler.schedules.remove("XtTokenRotation-Group", "user-42");
    world.secretsManager.deleteSecret(`${PREFIX}user-42/pair`);
    world.secretsManager.deleteSecret(`${PREFIX}user-42/access-token`);
    const { connections: without } = await namesOf(world);

    // when
    const ending = await connect(world, "user-42");

    // then
    expect(without).toEqual(["default"]);
    expect(outcomeOf(ending)).toBe("authorized");
    expect(isWell(world, "user-42")).toBe(true);
    expect(schedulesOf(world)).toEqual({ "user-42": true });
  });
});

it("adopts the first pair of a user that only the escrow took", async () => {
  await inFleetWorld(async (world) => {
    // given
    world.setFaults({
      secretsManager: ({ operation, input }: Call) =>
        operation === "PutSecretValue" && JSON.stringify(input["VersionStages"]) === '["XT_ISSUED"]'
          ? refusal("AccessDeniedException")
          : undefined,
      parameterStore: ({ operation }: Call) => (operation === "PutParameter" ? world.kill("after") : undefined),
    });
    const connected = outcomeOf(await connect(world, "user-42"));
    world.setFaults({});

    // when
    world.advance(15 * MINUTE_MS);
    const { mended } = await census(world);
    const ticked = outcomeOf(await tickOf(world, "user-42"));

    // then
    expect([connected, mended, ticked]).toEqual(["died", ["user-42"], "settled"]);
    expect(isWell(world, "user-42")).toBe(true);
  });
});

it("makes no schedule for a user whose code XT refuses, and no census reports the connection", async () => {
  await inFleetWorld(async (world) => {
    // given
    // when
    const ending = await connect(world, "user-42", "no-such-code");
    world.advance(HOUR_MS);
    const report = await census(world);

    // then
    expect(outcomeOf(ending)).toBe("AuthorizationRejected");
    expect(schedulesOf(world)).toEqual({});
    expect(report).toMatchObject({ unattendedCount: 0, mended: [] });
  });
});

it("halts for a connection that the template ticks and nobody has authorized yet", async () => {
  await inFleetWorld(async (world) => {
    // given
    // when
    const ticked = await tickOf(world, "desk-a");
    const { states } = await statesOf(world, ["desk-a"]);

    // then
    expect(reasonOf(ticked)).toBe("not-connected");
    expect(ticked).toMatchObject({
      result: { outcome: "halted", reason: expect.stringContaining("npx --no xt-token authorize --connection desk-a") },
    });
    expect(states).toMatchObject([{ verdict: { severity: 4, code: "not-connected", next: "authorize" } }]);
  });
});

it("takes a census: makes a missing schedule, names a disabled one, takes over a seeded secret", async () => {
  await inFleetWorld(async (world) => {
    // given
    const names = ["user-1", "user-2", "user-3", "user-4"];
    for (const name of names) await connect(world, name);
    const group = "XtTokenRotation-Group";
    world.scheduler.schedules.remove(group, "user-1");
    const { nth: _, ...enabled } = world.scheduler.schedules.find(group, "user-2");
    world.scheduler.schedules.update(group, "user-2", { ...enabled, isEnabled: false }, world.now());
    const { refreshToken } = world.xt.grant();
    world.secretsManager.createSecret(`${PREFIX}by-hand/pair`, JSON.stringify({ refresh_token: refreshToken }));

    // when
    const report = await census(world);
    const ticked = await tickOf(world, "by-hand");

    // then
    expect(report).toEqual({
      schema: 1,
      connections: 6,
      unattended: [{ connection: "user-2", why: "its schedule is disabled" }],
      unattendedCount: 1,
      mended: ["user-1", "by-hand"],
    });
    expect(schedulesOf(world)).toEqual({
      "user-1": true,
      "user-2": false,
      "user-3": true,
      "user-4": true,
      "by-hand": true,
    });
    expect(outcomeOf(ticked)).toBe("rotated");
    expect(isWell(world, "by-hand")).toBe(true);
  });
});

it("names within two hours a connection that is due and gets no tick", async () => {
  await inFleetWorld(async (world) => {
    // given
    await connect(world, "user-1");
    await connect(world, "user-2");
    world.advance(16 * HOUR_MS);
    await tickOf(world, "user-1");
    const early = await census(world);

    // when
    world.advance(HOUR_MS);
    const late = await census(world);

    // then
    expect(early.unattended.filter(({ connection }) => connection === "user-1")).toEqual([]);
    expect(late.unattended).toMatchObject([
      { connection: "user-2", why: expect.stringMatching(/^what was due at 2025-01-01T1\d:.* is not done: /) },
    ]);
  });
});

it("serves the others while one connection is malformed, refused, denied or throttled", async () => {
  await inFleetWorld(async (world) => {
    // given
    for (const name of ["malformed", "denied", "refused", "well"]) await connect(world, name);
    world.secretsManager.put(`${PREFIX}malformed/pair`, "hello");
    world.setFaults({
      secretsManager: ({ input }: Call) =>
        String(input["SecretId"]).includes("/denied/") ? refusal("AccessDeniedException") : undefined,
    });

    // when
    world.advance(16 * HOUR_MS);
    const outcomes = [];
    for (const name of ["malformed", "denied", "well"]) outcomes.push(outcomeOf(await tickOf(world, name)));
    const { states } = await statesOf(world, ["malformed", "denied", "well"]);

    // then
    expect(outcomes).toEqual(["halted", "StoreUnavailable", "rotated"]);
    expect(states.map(({ verdict }) => [verdict.severity, verdict.code])).toEqual([
      [4, "malformed"],
      [4, "store-unavailable"],
      [0, "not-due"],
    ]);
  });
});

it("lets all connections rest once XT has throttled two of them in a row, and not before", async () => {
  await inFleetWorld(async (world) => {
    // given
    for (const name of ["user-1", "user-2", "user-3"]) await connect(world, name);
    world.advance(16 * HOUR_MS);
    world.setFaults({ xt: () => ({ kind: "reply", when: "before", status: 429, body: "" }) });

    // when
    const reasons = [];
    for (const name of ["user-1", "user-2", "user-3"]) reasons.push(reasonOf(await tickOf(world, name)));
    const sent = world.xt.exchanges.length;
    world.setFaults({});
    world.advance(10 * MINUTE_MS);
    const after = outcomeOf(await tickOf(world, "user-3"));

    // then
    expect(reasons).toEqual(["throttled", "throttled", "resting"]);
    expect(sent).toBe(5);
    expect(after).toBe("rotated");
  });
});

/** Every call that connects one user, in order. */
async function callsOfConnecting(): Promise<number> {
  let calls = 0;
  await inFleetWorld(async (world) => {
    world.setFaults(
      onEach(() => {
        calls += 1;
        return undefined;
      }),
    );
    await connect(world, "user-42");
  });
  return calls;
}

function onEach(plan: FaultPlan) {
  return { secretsManager: plan, scheduler: plan, xt: plan };
}

const CALLS = await callsOfConnecting();
const DEATHS = Array.from({ length: CALLS }, (_, index) => index + 1).flatMap((nth) =>
  (["before", "after"] as const).map((when) => ({ nth, when })),
);

it("has calls to die at", () => {
  expect(CALLS).toBeGreaterThanOrEqual(14);
});

it.concurrent.each(DEATHS)(
  "survives the process's death $when call $nth of connecting a user",
  async ({ nth, when }) => {
    await inFleetWorld(async (world) => {
      // given
      const code = world.xt.code();
      let calls = 0;
      world.setFaults(
        onEach(() => {
          calls += 1;
          return calls === nth ? world.kill(when) : undefined;
        }),
      );
      const died = outcomeOf(await connect(world, "user-42", code));
      world.setFaults({});
      const isStored = pairOf(world, "user-42", "XT_ISSUED") !== undefined;

      // when
      world.advance(15 * MINUTE_MS);
      await census(world);
      for (const name of Object.keys(schedulesOf(world))) await tickOf(world, name);
      const isHealed = isWell(world, "user-42");
      const again = outcomeOf(await connect(world, "user-42", code));
      const fresh = outcomeOf(await connect(world, "user-42"));

      // then
      expect(died).toBe("died");
      expect(isHealed).toBe(isStored);
      expect(["authorized", "AuthorizationFailed", "AuthorizationRejected"]).toContain(again);
      expect(fresh).toBe("authorized");
      expect(isWell(world, "user-42")).toBe(true);
      expect(schedulesOf(world)).toEqual({ "user-42": true });
    });
  },
);
