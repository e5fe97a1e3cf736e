import fc from "fast-check";
import { expect, it } from "vitest";
import { readAttemptRecord, writeAttemptRecord } from "../../lambda/rotation/attempt-record.ts";
import { stored } from "../rotation/given.ts";
import { anyText, hostileText, instant, jsonText } from "./arbitraries.ts";

const YEAR_10000 = Date.UTC(10_000, 0);

const RECORD = fc.record({
  parent: hostileText,
  attempt: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  run: hostileText,
  nonce: hostileText,
  startedAtMs: instant,
  deadlineAtMs: instant,
});

/** Times that JavaScript can read; to the last of them nothing can be added. */
const time = fc.constantFrom('"2026-11-23T12:00:00.000Z"', '"+275760-09-13T00:00:00.000Z"');

/** A field's own JSON for the most part, else some other. */
const orOther = (own: fc.Arbitrary<string>) => fc.oneof({ arbitrary: own, weight: 3 }, jsonText().value);

/** Records of which each field may be other JSON. */
const nearRecord = fc
  .record({
    parent: orOther(fc.constant('"v1"')),
    attempt: orOther(fc.constant("1")),
    run: orOther(fc.constant('"run-1"')),
    nonce: orOther(fc.constant('"nonce-1"')),
    started_at: orOther(time),
    deadline_at: orOther(time),
  })
  .map((fields) => `{"kind":"attempt",${Object.entries(fields).map(([name, text]) => `"${name}":${text}`)}}`);

it("reads every record that it wrote", () => {
  fc.assert(
    fc.property(RECORD, (record) => {
      const reading = readAttemptRecord(stored(writeAttemptRecord(record), "fence-1"));

      expect(reading).toEqual({ versionId: "fence-1", record });
    }),
  );
});

it("reads any value as a sound record or as none, without a throw", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, nearRecord), (text) => {
      const record = readAttemptRecord(stored(text))?.record;

      if (record === undefined) return;
      expect([typeof record.parent, typeof record.run, typeof record.nonce]).toEqual(["string", "string", "string"]);
      expect(Number.isSafeInteger(record.attempt) && record.attempt >= 1).toBe(true);
      for (const timeMs of [record.startedAtMs, record.deadlineAtMs]) {
        expect(Number.isSafeInteger(timeMs) && timeMs < YEAR_10000).toBe(true);
      }
    }),
    { numRuns: 3_000 },
  );
});
