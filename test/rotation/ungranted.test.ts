import { expect, it } from "vitest";
import type { TokenAnswer, TokenStore } from "../../lambda/rotation/ports.ts";
import { answered } from "./given.ts";
import { createWorld, recordOfPeer, seededSecret, tick } from "./world.ts";

const REFUSAL = answered(200, '{"rc":1,"mc":"AUTH_001"}');

it("is deferred without an error where XT throttles", async () => {
  const world = createWorld({ answer: answered(429, "") });

  expect(await tick(world)).toMatchObject({
    outcome: "deferred",
    reason: "throttled: XT asked for fewer requests, a later tick tries again",
    versionId: "v1",
  });
});

it("throws RotationRejected where XT refuses", async () => {
  const world = createWorld({ answer: REFUSAL });

  await expect(tick(world)).rejects.toMatchObject({
    name: "RotationRejected",
    code: "AUTH_001",
    status: 200,
    attempt: 1,
    message:
      "XT answered AUTH_001 (HTTP 200): XT refused attempt 1, " + "a tick tries again after 2026-11-23T12:14:00.000Z",
  });
});

it("throws TokenEndpointUnreachable where the request never left", async () => {
  const world = createWorld({ answer: { kind: "unsent", code: "ENOTFOUND" } });

  await expect(tick(world)).rejects.toMatchObject({
    name: "TokenEndpointUnreachable",
    code: "ENOTFOUND",
    attempt: 1,
  });
});

it("throws ExchangeOutcomeUnknown where no usable answer came", async () => {
  const world = createWorld({ answer: answered(503, "") });

  await expect(tick(world)).rejects.toMatchObject({
    name: "ExchangeOutcomeUnknown",
    code: "HTTP_503",
    attempt: 1,
  });
});

it.each<[string, TokenAnswer, readonly string[]]>([
  ["a refusal", REFUSAL, ["mark XT_UNSPENT attempt-1-of-v1", "mark XT_REJECTED attempt-1-of-v1"]],
  ["a request that was turned away", answered(403, "<html>"), ["mark XT_UNSPENT attempt-1-of-v1"]],
  ["a throttled request", answered(429, ""), ["mark XT_UNSPENT attempt-1-of-v1"]],
  ["a request that never left", { kind: "unsent", code: "ENOTFOUND" }, ["mark XT_UNSPENT attempt-1-of-v1"]],
  ["a lost answer", { kind: "lost", code: "ECONNRESET" }, []],
  ["an answer that says nothing", answered(200, ""), []],
])("marks the attempt after %s by what it certainly did", async (_, answer, marks) => {
  const world = createWorld({ answer });

  await tick(world).catch(() => undefined);

  expect(world.calls.slice(3)).toEqual(["fence attempt-1-of-v1", "exchange refresh-1", ...marks]);
});

it("takes the mark from the attempt that held it", async () => {
  const secret = seededSecret();
  secret.put("attempt-4-of-v0", recordOfPeer("05:00", 4), "XT_UNSPENT");
  const holders: (string | undefined)[] = [];
  const mark: TokenStore["mark"] = async (_label, _id, holder) => {
    holders.push(holder);
    return "marked";
  };

  await tick(createWorld({ secret, answer: answered(429, ""), store: { mark } }));

  expect(holders).toEqual(["attempt-4-of-v0"]);
});

it("warns of a mark that could not be put, and still tells of the refusal", async () => {
  const world = createWorld({ answer: REFUSAL, store: { mark: async () => "unmarked" } });

  await expect(tick(world)).rejects.toMatchObject({ name: "RotationRejected" });

  expect(world.warnings).toEqual([
    'the attempt could not be marked, so that later ticks know less of it {"label":"XT_UNSPENT","attempt":1}',
    'the attempt could not be marked, so that later ticks know less of it {"label":"XT_REJECTED","attempt":1}',
  ]);
});

it("throws RequestTurnedAway, which blames the network and not the token", async () => {
  const world = createWorld({ answer: answered(451, "<html>not in your country</html>") });

  await expect(tick(world)).rejects.toMatchObject({ name: "RequestTurnedAway", code: "HTTP_451", severity: 3 });
});

it("says that the pair is lost where XT refuses the replay of an unknown outcome", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:15", answer: answered(200, '{"rc":1,"mc":"AUTH_001"}') });

  await expect(tick(world)).rejects.toMatchObject({
    name: "RotationRejected",
    severity: 4,
    message:
      "XT answered AUTH_001 (HTTP 200): XT refuses the refresh token, and an earlier answer " +
      "of XT never arrived: the pair in that answer is lost, type npx --no xt-token authorize",
  });
});

it("rotates under force although another run's attempt is backing off", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT", "XT_UNSPENT");
  const world = createWorld({ secret, time: "12:05" });

  const result = await tick(world, { force: true });

  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-2-of-v1" });
});
