import { expect, it } from "vitest";
import { type Secret, Secrets, stateOf } from "../../../sandbox/secrets-manager/secrets.ts";
import { newVersion, type Version } from "../../../sandbox/secrets-manager/version.ts";
import { addVersion } from "../../../sandbox/secrets-manager/versions.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
const [A, B] = ["a".repeat(32), "b".repeat(32)] as const;

function version(id: string, text: string): Version {
  return newVersion(id, { kind: "text", text }, NOW_MS);
}

it("finds a secret by its name, its ARN and its ARN without the random end", () => {
  const secrets = new Secrets();
  const { arn } = secrets.create({ name: "xt/token" }, NOW_MS);

  const names = ["xt/token", arn, "arn:aws:secretsmanager:us-east-1:123456789012:secret:xt/token"].map(
    (secretId) => secrets.find(secretId).name,
  );

  expect(arn).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:xt\/token-[0-9a-f]{6}$/);
  expect(names).toEqual(["xt/token", "xt/token", "xt/token"]);
});

it.each([
  ["an unknown name", "xt/other"],
  ["part of a name", "xt/token"],
  ["an ARN with another end", "arn:aws:secretsmanager:us-east-1:123456789012:secret:xt/token-abcdef-123456"],
  ["a partial ARN that ends like a full one", "arn:aws:secretsmanager:us-east-1:123456789012:secret:xt/token-abcdef"],
])("finds nothing by %s", (_, secretId) => {
  const secrets = new Secrets();
  secrets.create({ name: "xt/token-abcdef" }, NOW_MS);

  const search = () => secrets.find(secretId);

  expect(search).toThrow(
    expect.objectContaining({
      code: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret.",
    }),
  );
});

it("creates a secret once, and ignores the same creation again", () => {
  const secrets = new Secrets();
  const first = secrets.create({ name: "s", version: version(A, "one") }, NOW_MS);

  const again = secrets.create({ name: "s", version: version(A, "one") }, NOW_MS + 1);

  expect(again).toBe(first);
});

it.each<[string, Version | undefined]>([
  ["another value", version(A, "two")],
  ["another token", version(B, "one")],
  ["no value", undefined],
])("refuses to create a taken name with %s", (_, other) => {
  const secrets = new Secrets();
  secrets.create({ name: "s", version: version(A, "one") }, NOW_MS);

  const again = () => secrets.create({ name: "s", version: other }, NOW_MS);

  expect(again).toThrow(expect.objectContaining({ code: "ResourceExistsException" }));
});

it("remembers each change with its time, and nothing of a write that was ignored", () => {
  const secrets = new Secrets();
  secrets.create({ name: "s" }, NOW_MS);
  const write = (atMs: number): Secret =>
    secrets.change("s", atMs, (versions) => addVersion(versions, version(A, "one")));

  write(NOW_MS + 1);
  const replayed = write(NOW_MS + 2);

  expect(replayed.history.map(({ changedAtMs, versions }) => [changedAtMs - NOW_MS, versions.byId.size])).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

it("keeps no more states of a secret than configured", () => {
  const secrets = new Secrets(2);
  secrets.create({ name: "s" }, NOW_MS);

  for (const atMs of [NOW_MS + 1, NOW_MS + 2, NOW_MS + 3]) {
    secrets.change("s", atMs, (versions) => addVersion(versions, version(String(atMs).padStart(32, "0"), "one")));
  }

  const { history } = secrets.find("s");
  expect(history.map(({ changedAtMs }) => changedAtMs - NOW_MS)).toEqual([2, 3]);
});

it("refuses to change, delete or recreate a secret that is scheduled for deletion", () => {
  const secrets = new Secrets();
  secrets.create({ name: "s" }, NOW_MS);

  const dueAtMs = secrets.scheduleDeletion("s", NOW_MS, 7);

  const refusal = expect.objectContaining({ code: "InvalidRequestException" });
  expect(new Date(dueAtMs).toISOString()).toBe("2026-11-30T12:00:00.000Z");
  expect(() => secrets.change("s", NOW_MS, (versions) => addVersion(versions, version(A, "one")))).toThrow(refusal);
  expect(() => secrets.scheduleDeletion("s", NOW_MS)).toThrow(refusal);
  expect(() => secrets.create({ name: "s" }, NOW_MS)).toThrow(refusal);
});

it("gives a secret that takes a forgotten name another ARN and no versions", () => {
  const secrets = new Secrets();
  const old = secrets.create({ name: "s", version: version(A, "one") }, NOW_MS);

  secrets.forget("s");
  const renewed = secrets.create({ name: "s" }, NOW_MS);

  expect(renewed.arn).not.toBe(old.arn);
  expect(stateOf(renewed).versions.byId.size).toBe(0);
});
