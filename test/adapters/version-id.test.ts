import { expect, it } from "vitest";
import { versionIdOf } from "../../lambda/adapters/version-id.ts";
import type { VersionName } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

const NAME: VersionName = {
  arn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:token-AbCdEf",
  parent: "v1",
  kind: "attempt",
  attempt: 1,
};

it("is the sha256 of the version's name, so that later releases find the versions of earlier ones", () => {
  expect(versionIdOf(NAME)).toBe("f60ff4c3e241ba0f876b3ce3290e4d8278ee99d9867a73619d297acdbc09f5ef");
});

it("is a hash of an authorization code too, so that the code cannot be read from it", () => {
  const id = versionIdOf({ ...NAME, parent: new Sensitive("code-1") });

  expect(id).toBe("b9f0e80d85800b8804a419bc18cfe1917f961aa4f193642d4f21cc85e471e082");
});

it.each<[string, Partial<VersionName>]>([
  ["secret", { arn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-AbCdEf" }],
  ["parent", { parent: "v2" }],
  ["kind", { kind: "issued" }],
  ["attempt", { attempt: 2 }],
  ["code", { parent: new Sensitive("v1") }],
])("differs for another %s", (_, part) => {
  expect(versionIdOf({ ...NAME, ...part })).not.toBe(versionIdOf(NAME));
});

it("keeps apart names whose parts run together to the same text", () => {
  const one = versionIdOf({ ...NAME, arn: "a", parent: "bc" });
  const other = versionIdOf({ ...NAME, arn: "ab", parent: "c" });

  expect(one).not.toBe(other);
});

it("ignores what does not belong to the name", () => {
  const origin = { parent: "v1", attempt: 1, issuedAtMs: 7 };

  expect(versionIdOf({ ...NAME, ...origin })).toBe(versionIdOf(NAME));
});
