import fc from "fast-check";
import { expect, it } from "vitest";
import { RotationError } from "../../lambda/rotation/errors.ts";
import { readPair } from "../../lambda/rotation/pair-document.ts";
import { answered } from "../rotation/given.ts";
import { memorySecret } from "../rotation/memory-store.ts";
import { createWorld, GRANT, recordOfPeer, seededSecret, tick, type World } from "../rotation/world.ts";
import { anyText, jsonText, planted } from "./arbitraries.ts";
import { commentedAnswer, genuineAnswer } from "./genuine-answer.ts";

/** All that the token secret holds. */
function held({ secret }: World): unknown {
  return {
    labels: [...secret.holders],
    values: [...secret.versions].map(([id, { text }]) => [id, text?.reveal()]),
  };
}

/** The run's reason or its failure's text; a failure that is not our own is thrown on. */
async function run(world: World, force: boolean): Promise<string> {
  try {
    return (await tick(world, { force })).reason;
  } catch (error) {
    if (error instanceof RotationError) return error.message;
    throw error;
  }
}

it("overwrites and spends nothing where the stored document is foreign, and repeats nothing of it", async () => {
  const foreign = fc
    .oneof(planted, jsonText(planted).object)
    .filter((text) => !/"refresh_token":("planted|9007199254740993)/.test(text));
  await fc.assert(
    fc.asyncProperty(foreign, fc.boolean(), async (text, force) => {
      const secret = memorySecret();
      secret.put("v1", text, "AWSCURRENT", "XT_ATTEMPT", "XT_ISSUED");
      const world = createWorld({ secret });
      const before = held(world);

      const reason = await run(world, force);

      expect(reason).toMatch(
        /^malformed: AWSCURRENT of the token secret holds no token pair, and ticks leave it unchanged: /,
      );
      expect(reason).not.toContain("planted-");
      expect(held(world)).toEqual(before);
      expect(world.calls.filter((call) => !/^(describe|read|credentials)/.test(call))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it("stores and promotes exactly the tokens of every genuine answer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(genuineAnswer, commentedAnswer), async ({ status, body, access, refresh }) => {
      const world = createWorld({ answer: answered(status, body) });

      await run(world, false);

      const value = world.secret.versions.get(world.secret.holders.get("AWSCURRENT") ?? "")?.text?.reveal();
      expect(JSON.parse(value ?? "")).toMatchObject({ access_token: access, refresh_token: refresh, parent: "v1" });
    }),
  );
});

it("ends in a result or an error of its own and leaves a readable pair current, whatever labels and answers hold", async () => {
  const text = fc.oneof(anyText, fc.constantFrom(recordOfPeer("11:00"), recordOfPeer("12:00")));
  const body = fc.oneof(anyText, fc.constant(GRANT.body.reveal()));
  const status = fc.constantFrom(200, 400, 429, 503);
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      text,
      status,
      body,
      fc.boolean(),
      async (record, staged, kept, code, answer, force) => {
        const secret = seededSecret();
        secret.put("attempt-1-of-v1", record, "XT_ATTEMPT");
        secret.put("issued-1-of-v0", staged, "XT_ISSUED");
        const world = createWorld({ secret, answer: answered(code, answer) });
        world.escrowed.set("issued-1-of-v1", kept);
        const before = new Map(secret.versions);

        await run(world, force);

        const current = secret.versions.get(secret.holders.get("AWSCURRENT") ?? "");
        expect(current && readPair(current).kind).toBe("pair");
        for (const [id, value] of before) expect(secret.versions.get(id)).toBe(value);
      },
    ),
    { numRuns: 300 },
  );
});
