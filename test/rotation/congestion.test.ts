import { expect, it } from "vitest";
import { afterAnswer, type Congestion, NO_CONGESTION } from "../../lambda/rotation/congestion.ts";
import type { ExchangeOutcome } from "../../lambda/rotation/token-answer.ts";
import { at } from "./given.ts";

type Answer = readonly [connection: string, kind: ExchangeOutcome["kind"], time: string, attempt?: number];

/** What a new process knows after these answers, in order. */
function after(...answers: readonly Answer[]): Congestion {
  return answers.reduce<Congestion>(
    (before, [connection, kind, time, attempt = 1]) =>
      afterAnswer(before, { connection, kind, attempt, nowMs: at(time) }),
    NO_CONGESTION,
  );
}

it("lets nobody rest before XT has answered", () => {
  expect(NO_CONGESTION.untilMs).toBe(0);
});

it("lets the others go on if one connection is throttled", () => {
  const { untilMs } = after(["desk-a", "throttled", "12:00"]);

  expect(untilMs).toBe(0);
});

it("lets the others go on if the same connection is throttled twice", () => {
  const { untilMs } = after(["desk-a", "throttled", "12:00"], ["desk-a", "throttled", "12:01"]);

  expect(untilMs).toBe(0);
});

it("lets all rest for ten minutes if two connections in a row are throttled", () => {
  const { untilMs } = after(["desk-a", "throttled", "12:00"], ["desk-b", "throttled", "12:01"]);

  expect(untilMs).toBe(at("12:11"));
});

it.each([
  ["a moment less than ten minutes", "12:09:59.999", at("12:19:59.999")],
  ["ten minutes", "12:10", 0],
])("takes two that are %s apart for what they are", (_apart, time, expected) => {
  const { untilMs } = after(["desk-a", "throttled", "12:00"], ["desk-b", "throttled", time]);

  expect(untilMs).toBe(expected);
});

it("counts the ten minutes from the newest of three", () => {
  const { untilMs } = after(
    ["desk-a", "throttled", "12:00"],
    ["desk-b", "throttled", "12:01"],
    ["desk-a", "throttled", "12:02"],
  );

  expect(untilMs).toBe(at("12:12"));
});

it("does not prolong the rest if the same connection is throttled once more", () => {
  const { untilMs } = after(
    ["desk-a", "throttled", "12:00"],
    ["desk-b", "throttled", "12:01"],
    ["desk-b", "throttled", "12:02"],
  );

  expect(untilMs).toBe(at("12:11"));
});

it.each(["granted", "rejected"] as const)("ends the rest if XT itself answers: %s", (kind) => {
  const { untilMs } = after(
    ["desk-a", "throttled", "12:00"],
    ["desk-b", "throttled", "12:01"],
    ["desk-c", kind, "12:02"],
  );

  expect(untilMs).toBe(0);
});

it.each(["granted", "rejected"] as const)("lets nobody rest if XT has %s one between two throttled", (kind) => {
  const { untilMs } = after(
    ["desk-a", "throttled", "12:00"],
    ["desk-c", kind, "12:01"],
    ["desk-b", "throttled", "12:02"],
  );

  expect(untilMs).toBe(0);
});

it.each(["unsent", "unknown", "turned-away"] as const)("learns nothing from an exchange that ends %s", (kind) => {
  const resting = after(["desk-a", "throttled", "12:00"], ["desk-b", "throttled", "12:01"], ["desk-c", kind, "12:02"]);
  const between = after(["desk-a", "throttled", "12:00"], ["desk-c", kind, "12:01"], ["desk-b", "throttled", "12:02"]);

  expect(resting.untilMs).toBe(at("12:11"));
  expect(between.untilMs).toBe(at("12:12"));
});

it("lets nobody rest for connections whose earlier attempts failed too, which have limits of their own", () => {
  const { untilMs } = after(["desk-a", "throttled", "12:00", 2], ["desk-b", "throttled", "12:01", 7]);

  expect(untilMs).toBe(0);
});
