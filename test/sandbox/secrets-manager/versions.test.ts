import { expect, it } from "vitest";
import { newVersion, type Version } from "../../../sandbox/secrets-manager/version.ts";
import {
  addVersion,
  findVersion,
  type LabelMove,
  labelsOf,
  moveLabel,
  NO_VERSIONS,
  type Versions,
} from "../../../sandbox/secrets-manager/versions.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
const HOUR_MS = 3_600_000;
const [A, B, C] = ["a".repeat(32), "b".repeat(32), "c".repeat(32)] as const;

function version(id: string, text = `value of ${id}`, createdAtMs = NOW_MS): Version {
  return newVersion(id, { kind: "text", text }, createdAtMs);
}

/** A and then B, so that B is AWSCURRENT and A is AWSPREVIOUS. */
function twoVersions(): Versions {
  return addVersion(addVersion(NO_VERSIONS, version(A)), version(B));
}

function holders(versions: Versions): Record<string, string> {
  return Object.fromEntries(versions.holders);
}

function move(versions: Versions, label: string, ids: Partial<LabelMove>): Versions {
  return moveLabel(versions, { label, from: undefined, to: undefined, ...ids });
}

it("makes a version without labels AWSCURRENT and its predecessor AWSPREVIOUS", () => {
  const versions = addVersion(twoVersions(), version(C));

  expect(holders(versions)).toEqual({ AWSCURRENT: C, AWSPREVIOUS: B });
  expect(labelsOf(versions, A)).toEqual([]);
});

it("attaches only the named labels, and takes them from their holder without asking", () => {
  const labelled = addVersion(twoVersions(), version(C), ["XT_ISSUED"]);

  const versions = addVersion(labelled, version("d".repeat(32)), ["XT_ISSUED"]);

  expect(holders(versions)).toEqual({ AWSCURRENT: B, AWSPREVIOUS: A, XT_ISSUED: "d".repeat(32) });
});

it("moves AWSPREVIOUS as well when AWSCURRENT is among the named labels", () => {
  const versions = addVersion(twoVersions(), version(C), ["AWSCURRENT", "XT_ISSUED", "AWSPREVIOUS"]);

  expect(holders(versions)).toEqual({ AWSCURRENT: C, AWSPREVIOUS: B, XT_ISSUED: C });
});

it("makes the first version AWSCURRENT even if other labels were asked for", () => {
  const versions = addVersion(NO_VERSIONS, version(A), ["XT_ATTEMPT"]);

  expect(holders(versions)).toEqual({ XT_ATTEMPT: A, AWSCURRENT: A });
});

it("ignores a known id with the same value and does not apply its labels again", () => {
  const versions = addVersion(addVersion(twoVersions(), version(C), ["XT_ISSUED"]), version("d".repeat(32)), [
    "XT_ISSUED",
  ]);

  const replayed = addVersion(versions, version(C, `value of ${C}`, NOW_MS + 1), ["XT_ISSUED"]);

  expect(replayed).toBe(versions);
});

it("refuses a known id with another value", () => {
  const versions = twoVersions();

  const again = () => addVersion(versions, version(A, "another value"));

  expect(again).toThrow(expect.objectContaining({ code: "ResourceExistsException" }));
});

it("takes a text and a binary value for different ones, even if they are spelt alike", () => {
  const versions = addVersion(NO_VERSIONS, newVersion(A, { kind: "text", text: "YWJj" }, NOW_MS));

  const again = () => addVersion(versions, newVersion(A, { kind: "binary", base64: "YWJj" }, NOW_MS));

  expect(again).toThrow(expect.objectContaining({ code: "ResourceExistsException" }));
});

it("moves AWSCURRENT by compare-and-swap and makes its old holder AWSPREVIOUS", () => {
  const versions = addVersion(twoVersions(), version(C), ["XT_ISSUED"]);

  const moved = move(versions, "AWSCURRENT", { from: B, to: C });

  expect(holders(moved)).toEqual({ AWSCURRENT: C, AWSPREVIOUS: B, XT_ISSUED: C });
});

it("moves AWSCURRENT back onto the version that is AWSPREVIOUS", () => {
  const moved = move(twoVersions(), "AWSCURRENT", { from: B, to: A });

  expect(holders(moved)).toEqual({ AWSCURRENT: A, AWSPREVIOUS: B });
});

it("attaches a label that nobody holds", () => {
  const moved = move(twoVersions(), "XT_UNSPENT", { to: A });

  expect(holders(moved)).toEqual({ AWSCURRENT: B, AWSPREVIOUS: A, XT_UNSPENT: A });
});

it("takes a label off, which leaves its version deprecated", () => {
  const removed = move(twoVersions(), "AWSPREVIOUS", { from: A });

  expect(holders(removed)).toEqual({ AWSCURRENT: B });
  expect(labelsOf(removed, A)).toEqual([]);
});

it("changes nothing when a label is moved onto its holder", () => {
  const versions = twoVersions();

  const moved = move(versions, "AWSCURRENT", { from: B, to: B });

  expect(moved).toBe(versions);
});

it.each<[string, string, Partial<LabelMove>, string]>([
  ["that is attached, without naming its holder", "AWSCURRENT", { to: A }, "InvalidParameterException"],
  ["onto its holder, without naming it", "AWSCURRENT", { to: B }, "InvalidParameterException"],
  ["from a version that does not hold it", "AWSCURRENT", { from: A, to: A }, "InvalidParameterException"],
  ["from a version, though nobody holds it", "XT_ISSUED", { from: A, to: B }, "InvalidParameterException"],
  ["off a version that does not hold it", "AWSPREVIOUS", { from: B }, "InvalidParameterException"],
  ["off altogether, if it is AWSCURRENT", "AWSCURRENT", { from: B }, "InvalidParameterException"],
  ["from nowhere to nowhere", "XT_ISSUED", {}, "InvalidParameterException"],
  ["onto an unknown version", "AWSCURRENT", { from: B, to: C }, "ResourceNotFoundException"],
])("refuses to move a label %s", (_, label, ids, code) => {
  const versions = twoVersions();

  const attempt = () => move(versions, label, ids);

  expect(attempt).toThrow(expect.objectContaining({ code }));
});

it("says which version holds the label when the holder was not named", () => {
  const versions = twoVersions();

  const attempt = () => move(versions, "AWSCURRENT", { to: A });

  expect(attempt).toThrow(
    "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version " +
      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, so you must explicitly reference that version in RemoveFromVersionId.",
  );
});

it("finds a deprecated version by its id", () => {
  const versions = addVersion(twoVersions(), version(C));

  const found = findVersion(versions, { versionId: A });

  expect(found.value).toEqual({ kind: "text", text: "value of aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" });
});

it("finds a version by id and label where the two agree, and refuses where they do not", () => {
  const versions = twoVersions();

  const agreeing = findVersion(versions, { versionId: A, label: "AWSPREVIOUS" });
  const disagreeing = () => findVersion(versions, { versionId: A, label: "AWSCURRENT" });

  expect(agreeing.id).toBe("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  expect(disagreeing).toThrow(
    expect.objectContaining({
      code: "InvalidRequestException",
      message: "You provided a VersionStage that is not associated to the provided VersionId.",
    }),
  );
});

it("names the label or the id that it cannot find", () => {
  const byDefault = () => findVersion(NO_VERSIONS, {});
  const byId = () => findVersion(twoVersions(), { versionId: C });

  expect(byDefault).toThrow(
    expect.objectContaining({
      code: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    }),
  );
  expect(byId).toThrow(
    expect.objectContaining({
      code: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret value for VersionId: cccccccccccccccccccccccccccccccc",
    }),
  );
});

it("holds twenty labels per secret and no more, however the last one comes", () => {
  const eighteen = Array.from({ length: 18 }, (_, i) => `LABEL_${i}`);
  const versions = addVersion(twoVersions(), version(C), eighteen);

  const byPut = () => addVersion(versions, version("d".repeat(32)), ["LABEL_18"]);
  const byMove = () => move(versions, "LABEL_18", { to: C });

  expect(versions.holders.size).toBe(20);
  expect(byPut).toThrow(expect.objectContaining({ code: "LimitExceededException" }));
  expect(byMove).toThrow(expect.objectContaining({ code: "LimitExceededException" }));
});

it("refuses a hundred and first version while all deprecated ones are at most 24 hours old", () => {
  const versions = hundredVersions();

  const oneMore = () => addVersion(versions, version(A, "new", NOW_MS + 24 * HOUR_MS));

  expect(versions.byId.size).toBe(100);
  expect(oneMore).toThrow(expect.objectContaining({ code: "LimitExceededException" }));
});

it("drops the oldest deprecated version, and no labelled one, once it is older than 24 hours", () => {
  const versions = move(hundredVersions(), "KEPT", { to: idOf(0) });

  const grown = addVersion(versions, version(A, "new", NOW_MS + 25 * HOUR_MS));

  expect(grown.byId.size).toBe(100);
  expect([grown.byId.has(idOf(0)), grown.byId.has(idOf(1)), grown.byId.has(idOf(2))]).toEqual([true, false, true]);
});

function idOf(index: number): string {
  return String(index).padStart(32, "0");
}

/** One each millisecond from NOW_MS on; all but the last two are deprecated. */
function hundredVersions(): Versions {
  let versions = NO_VERSIONS;
  for (let i = 0; i < 100; i += 1) versions = addVersion(versions, version(idOf(i), `value ${i}`, NOW_MS + i));
  return versions;
}
