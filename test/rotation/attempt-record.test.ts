import { expect, it } from "vitest";
import { readAttemptRecord, writeAttemptRecord } from "../../lambda/rotation/attempt-record.ts";
import { at, stored } from "./given.ts";

const DOCUMENT =
  '{"schema":1,"kind":"attempt","parent":"v1","attempt":2,"run":"run-1","nonce":"nonce-1",' +
  '"started_at":"2026-11-23T12:00:00.000Z","deadline_at":"2026-11-23T12:02:00.000Z"}';

const RECORD = {
  parent: "v1",
  attempt: 2,
  run: "run-1",
  nonce: "nonce-1",
  startedAtMs: at("12:00"),
  deadlineAtMs: at("12:02"),
};

it("writes the record, times in UTC", () => {
  expect(writeAttemptRecord(RECORD)).toBe(DOCUMENT);
});

it("reads the record and the version that holds it", () => {
  expect(readAttemptRecord(stored(DOCUMENT, "fence-2"))).toEqual({ versionId: "fence-2", record: RECORD });
});

it("reads a record whose every value is text, as an editor of keys and values leaves it", () => {
  const document = DOCUMENT.replace('"schema":1', '"schema":"1"').replace('"attempt":2', '"attempt":"2"');

  expect(readAttemptRecord(stored(document))).toEqual({ versionId: "v1", record: RECORD });
});

it.each([
  ["binary data", undefined],
  ["no JSON", "attempt"],
  ["an array", "[]"],
  ["a pair", '{"schema":1,"refresh_token":"refresh-1","parent":"v1","attempt":1}'],
  ["a record of another kind", DOCUMENT.replace('"kind":"attempt"', '"kind":"lease"')],
  ["a record without a parent", DOCUMENT.replace('"parent":"v1",', "")],
  ["a record without a number", DOCUMENT.replace('"attempt":2,', "")],
  ["a number in words", DOCUMENT.replace('"attempt":2', '"attempt":"two"')],
  ["number 0", DOCUMENT.replace('"attempt":2', '"attempt":0')],
  ["half a number", DOCUMENT.replace('"attempt":2', '"attempt":1.5')],
  ["a number too large to count on", DOCUMENT.replace('"attempt":2', '"attempt":9007199254740992')],
  ["an unreadable start", DOCUMENT.replace("2026-11-23T12:00:00.000Z", "noon")],
  ["no deadline", DOCUMENT.replace(',"deadline_at":"2026-11-23T12:02:00.000Z"', "")],
])("sees no attempt in %s", (_, text) => {
  expect(readAttemptRecord(stored(text))).toBe(undefined);
});
