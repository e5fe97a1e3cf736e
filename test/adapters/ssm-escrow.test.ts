import { expect, it } from "vitest";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { describeEscrow } from "./escrow-contract.ts";
import { NAME, NOW_MS, operations, PAIR, SOON_MS, startEscrow, V2 } from "./fixtures/escrow-over-http.ts";

const isNeeded = () => true;

describeEscrow("the escrow in Parameter Store", async () => {
  const { standIn, escrow } = await startEscrow();
  const prefix = "/xt/escrow/";
  const held = () =>
    Object.fromEntries(
      Object.entries(standIn.parameters()).map(([name, value]) => [name.slice(prefix.length), value] as const),
    );
  return { escrow, untilMs: SOON_MS, held };
});

it("writes a SecureString below its prefix that the account's own key encrypts, and never overwrites", async () => {
  // given
  const { standIn, escrow } = await startEscrow();

  // when
  await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, isNeeded);

  // then
  expect(standIn.calls.map(({ input }) => input)).toEqual([
    {
      Name: NAME,
      Value: PAIR,
      Type: "SecureString",
      Tier: "Intelligent-Tiering",
      Description: "XT.COM token pair that Secrets Manager did not take; the rotation adopts and deletes it",
    },
  ]);
});

it("has the parameter encrypted by the key that it is given", async () => {
  // given
  const keyId = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000001";
  const { standIn, escrow } = await startEscrow(undefined, { keyId });

  // when
  await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, isNeeded);

  // then
  expect(standIn.calls.map(({ input }) => input["KeyId"])).toEqual([keyId]);
});

it("tells when the entry was written, and the watch what it holds", async () => {
  // given
  const { standIn, escrow, watched } = await startEscrow();
  standIn.put(NAME, PAIR);

  // when
  const found = await escrow.find(V2);

  // then
  expect(found?.createdAtMs).toBe(Date.parse("2026-11-23T12:00:00Z"));
  expect(watched).toEqual([PAIR]);
});

it("lists its own entries alone, page after page and without decrypting", async () => {
  // given
  const { standIn, escrow } = await startEscrow();
  const ids = Array.from({ length: 11 }, (_, index) => `${index % 10}`.repeat(64 - (index === 10 ? 1 : 0)));
  for (const id of ids) standIn.put(`/xt/escrow/${id}`, PAIR);
  standIn.put("/xt/escrow-of-another/entry", PAIR);

  // when
  const listed = await escrow.list();

  // then
  expect([...listed].sort()).toEqual([...ids].sort());
  expect(standIn.calls.map(({ operation, input }) => [operation, input["WithDecryption"]])).toEqual([
    ["GetParametersByPath", undefined],
    ["GetParametersByPath", undefined],
  ]);
});

it("asks nothing but the one thing that is needed", async () => {
  // given
  const { standIn, escrow } = await startEscrow();

  // when
  await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, isNeeded);
  await escrow.find(V2);
  await escrow.discard(V2);

  // then
  expect(standIn.calls.map(({ operation, input }) => [operation, input["Name"]])).toEqual([
    ["PutParameter", NAME],
    ["GetParameter", NAME],
    ["DeleteParameter", NAME],
  ]);
});

it("uses one client and its connection for all that one run does", async () => {
  // given
  const { standIn, escrow } = await startEscrow();

  // when
  await escrow.keep(V2, new Sensitive(PAIR), SOON_MS, isNeeded);
  await escrow.find(V2);
  await escrow.discard(V2);

  // then
  expect(standIn.connections).toBe(1);
});

it("makes one attempt even where its time is up", async () => {
  // given
  const { standIn, escrow } = await startEscrow();

  // when
  const kept = await escrow.keep(V2, new Sensitive(PAIR), NOW_MS - 1, isNeeded);

  // then
  expect(kept).toBe("kept");
  expect(operations(standIn)).toEqual(["PutParameter"]);
});
