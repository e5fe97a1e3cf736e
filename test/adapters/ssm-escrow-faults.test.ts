import { inspect } from "node:util";
import { expect, it } from "vitest";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { Fault, FaultPlan } from "../../sandbox/faults.ts";
import {
  exception,
  NAME,
  NOW_MS,
  operations,
  PAIR,
  reply,
  SOON_MS,
  startEscrow,
  V2,
} from "./fixtures/escrow-over-http.ts";
import { holdableClock } from "./fixtures/holdable-clock.ts";

const HTML = `<html><body>${PAIR}</body></html>`;
const OUTAGE = exception(500, "InternalServerError");
const DENIAL = exception(400, "AccessDeniedException");
const isNeeded = () => true;

/** These faults for the first requests, in order; the rest pass unharmed. */
function inOrder(...faults: readonly Fault[]): FaultPlan {
  return ({ index }) => faults[index - 1];
}

/** What can go wrong with one attempt. */
const MISHAPS: readonly (readonly [name: string, fault: Fault])[] = [
  ["a 500", OUTAGE],
  ["a 500 after the effect", exception(500, "InternalServerError", "after")],
  ["a gateway's 502 in HTML", reply(502, HTML)],
  ["throttling", exception(400, "ThrottlingException")],
  ["a quota", exception(400, "ParameterLimitExceeded")],
  ["a denial", DENIAL],
  ["an expired session", exception(400, "ExpiredTokenException")],
  ["a key that is not to be had", exception(400, "InvalidKeyId")],
  ["a dropped connection", { kind: "drop", when: "before" }],
  ["a dropped connection after the effect", { kind: "drop", when: "after" }],
  ["an empty 200", reply(200, "")],
  ["an empty 200 after the effect", reply(200, "", "after")],
  ["a 200 that acknowledges nothing", reply(200, '{"Tier":"Standard"}')],
  ["a gateway's 200 in HTML", reply(200, HTML)],
];

it.each(MISHAPS)("keeps a pair through %s", async (_name, fault) => {
  // given
  const { standIn, escrow } = await startEscrow(inOrder(fault, fault));

  // when
  const kept = await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, isNeeded);

  // then
  expect(kept).toBe("kept");
  expect(operations(standIn)).toEqual(["PutParameter", "PutParameter", "PutParameter"]);
  expect(standIn.parameters()).toEqual({ [NAME]: PAIR });
});

it.each(MISHAPS)("says that it refused where %s was all that came until the deadline", async (_name, fault) => {
  // given
  const { standIn, escrow } = await startEscrow(() => fault);

  // when
  const kept = await escrow.keep(V2, new Sensitive(PAIR), NOW_MS, isNeeded);

  // then
  expect(kept).toBe("refused");
  expect(operations(standIn)).toEqual(["PutParameter"]);
});

it("keeps a pair through an answer that never comes by ending that attempt", async () => {
  // given
  const { standIn, escrow } = await startEscrow(inOrder({ kind: "stall", when: "before" }));

  // when
  const kept = await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, isNeeded);

  // then
  expect(kept).toBe("kept");
  expect(operations(standIn)).toEqual(["PutParameter", "PutParameter"]);
});

it("keeps trying until its deadline", async () => {
  // given
  const clock = holdableClock();
  const { standIn, escrow } = await startEscrow(({ index }) => {
    if (index === 4) clock.holdUp(10_000);
    return DENIAL;
  });

  // when
  const kept = await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, isNeeded);

  // then
  expect(kept).toBe("refused");
  expect(standIn.calls).toHaveLength(4);
});

it("ends with the attempt after which it is no longer needed", async () => {
  // given
  const { standIn, escrow } = await startEscrow(() => OUTAGE);

  // when
  const kept = await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, () => standIn.calls.length < 2);

  // then
  expect(kept).toBe("refused");
  expect(operations(standIn)).toEqual(["PutParameter", "PutParameter"]);
});

it("finds a pair through an outage and a dropped connection", async () => {
  // given
  const { standIn, escrow } = await startEscrow(inOrder(OUTAGE, { kind: "drop", when: "before" }));
  standIn.put(NAME, PAIR);

  // when
  const found = await escrow.find(V2);

  // then
  expect(found?.text?.reveal()).toBe(PAIR);
  expect(operations(standIn)).toEqual(["GetParameter", "GetParameter", "GetParameter"]);
});

it("finds a pair through throttling and an empty answer", async () => {
  // given
  const { standIn, escrow } = await startEscrow(inOrder(exception(400, "ThrottlingException"), reply(200, "")));
  standIn.put(NAME, PAIR);

  // when
  const found = await escrow.find(V2);

  // then
  expect(found?.text?.reveal()).toBe(PAIR);
});

it.each([
  ["an outage", OUTAGE, "InternalServerError", 3],
  ["throttling", exception(400, "ThrottlingException"), "ThrottlingException", 3],
  ["a dropped connection", { kind: "drop", when: "before" }, "TimeoutError", 3],
  ["a gateway's page", reply(502, HTML), "SyntaxError", 3],
  ["an answer without a parameter", reply(200, "{}"), "Error", 3],
  ["a denial", DENIAL, "AccessDeniedException", 1],
  ["a pair that cannot be decrypted", exception(400, "InvalidKeyId"), "InvalidKeyId", 1],
] as const)("never takes %s for an absent pair, and shows no secret", async (_name, fault, code, calls) => {
  // given
  const { standIn, escrow } = await startEscrow(() => fault);

  // when
  const failure: unknown = await escrow.find(V2).catch((error: unknown) => error);

  // then
  expect(failure).toMatchObject({ name: "StoreUnavailable", operation: "GetParameter", code });
  expect(inspect(failure, { showHidden: true, depth: null })).not.toMatch(/access-2|refresh-2/);
  expect(standIn.calls).toHaveLength(calls);
});

it("names the parameter that could not be read, and what to do", async () => {
  // given
  const { escrow } = await startEscrow(() => DENIAL);

  // when
  const found = escrow.find(V2);

  // then
  await expect(found).rejects.toThrow(
    `GetParameter on /xt/escrow/${V2} failed with AccessDeniedException, ` +
      "allow the function's role ssm:GetParameter, and the use of the key",
  );
});

it.each([
  ["an outage", OUTAGE, "InternalServerError", 3],
  ["a gateway's page", reply(502, HTML), "SyntaxError", 3],
  ["a gateway's 404", reply(404, "<h1>Not found"), "SyntaxError", 3],
  ["a denial", DENIAL, "AccessDeniedException", 1],
] as const)("never takes %s for an empty escrow", async (_name, fault, code, calls) => {
  // given
  const { standIn, escrow } = await startEscrow(() => fault);

  // when
  const failure: unknown = await escrow.list().catch((error: unknown) => error);

  // then
  expect(failure).toMatchObject({ name: "StoreUnavailable", operation: "GetParametersByPath", code });
  expect(inspect(failure, { showHidden: true, depth: null })).not.toMatch(/access-2|refresh-2/);
  expect(standIn.calls).toHaveLength(calls);
});

it("fails a list whose second page is denied, rather than telling half of it", async () => {
  // given
  const { standIn, escrow } = await startEscrow(({ index }) => (index === 2 ? DENIAL : undefined));
  for (let entry = 0; entry < 11; entry += 1) standIn.put(`/xt/escrow/${entry}`, PAIR);

  // when
  const listed = escrow.list();

  // then
  await expect(listed).rejects.toMatchObject({ name: "StoreUnavailable", operation: "GetParametersByPath" });
});

it("shows the other entries where one cannot be decrypted", async () => {
  // given
  const other = `/xt/escrow/${"3".repeat(64)}`;
  const { standIn, escrow } = await startEscrow(({ input }) =>
    input["WithDecryption"] === true && input["Name"] !== other ? exception(400, "InvalidKeyId") : undefined,
  );
  standIn.put(NAME, "not to be decrypted");
  standIn.put(other, PAIR);

  // when
  const listed = await escrow.list();
  const [broken, found] = await Promise.allSettled([escrow.find(V2), escrow.find("3".repeat(64))]);

  // then
  expect(listed).toEqual([V2, "3".repeat(64)]);
  expect(broken).toMatchObject({ status: "rejected", reason: { name: "StoreUnavailable", code: "InvalidKeyId" } });
  expect(found).toMatchObject({ status: "fulfilled", value: { versionId: "3".repeat(64) } });
});

it.each(["<h1>Not found", '{"message":"not found"}'])(
  "does not take a gateway's 404 for an empty escrow: %s",
  async (body) => {
    // given
    const { escrow } = await startEscrow(() => reply(404, body));

    // when
    const found = escrow.find(V2);

    // then
    await expect(found).rejects.toMatchObject({ name: "StoreUnavailable", operation: "GetParameter" });
  },
);

it("finds nothing at an endpoint that says by name that it does not know SSM", async () => {
  // given
  const { standIn, escrow } = await startEscrow(() => exception(400, "UnknownOperationException"));
  standIn.put(NAME, PAIR);

  // when
  const found = await escrow.find(V2);

  // then
  expect(found).toBeUndefined();
});

it("lists nothing at an endpoint that says by name that it does not know SSM", async () => {
  // given
  const { standIn, escrow } = await startEscrow(() => exception(400, "UnknownOperationException"));
  standIn.put(NAME, PAIR);

  // when
  const listed = await escrow.list();

  // then
  expect(listed).toEqual([]);
});

it("asks an endpoint that does not know SSM only once", async () => {
  // given
  const { standIn, escrow } = await startEscrow(() => exception(404, "UnknownOperationException"));

  // when
  await escrow.find(V2);

  // then
  expect(operations(standIn)).toEqual(["GetParameter"]);
});

it.each([
  ["an outage", OUTAGE],
  ["throttling", exception(400, "ThrottlingException")],
  ["a dropped connection", { kind: "drop", when: "before" }],
  ["an answer that got lost", { kind: "drop", when: "after" }],
] as const)("discards an entry through %s", async (_name, fault) => {
  // given
  const { standIn, escrow } = await startEscrow(inOrder(fault));
  standIn.put(NAME, PAIR);

  // when
  const discarded = await escrow.discard(V2);

  // then
  expect(discarded).toBe("discarded");
  expect(operations(standIn)).toEqual(["DeleteParameter", "DeleteParameter"]);
  expect(standIn.parameters()).toEqual({});
});

it.each([
  ["after a denial", DENIAL, 1],
  ["after three outages", OUTAGE, 3],
] as const)("says that an entry is left %s", async (_name, fault, calls) => {
  // given
  const { standIn, escrow } = await startEscrow(() => fault);
  standIn.put(NAME, PAIR);

  // when
  const discarded = await escrow.discard(V2);

  // then
  expect(discarded).toBe("left");
  expect(standIn.calls).toHaveLength(calls);
});
