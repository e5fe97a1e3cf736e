import { expect, it } from "vitest";
import { newVersion, type Version } from "../../../sandbox/secrets-manager/version.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
const A = "a".repeat(32);

function version(id: string, text = "value"): Version {
  return newVersion(id, { kind: "text", text }, NOW_MS);
}

it.each([
  ["31 characters", "i".repeat(31)],
  ["65 characters", "i".repeat(65)],
])("refuses a version id of %s", (_, id) => {
  const attempt = () => version(id);

  expect(attempt).toThrow(expect.objectContaining({ code: "InvalidParameterException" }));
});

it("takes ids of 32 and of 64 characters", () => {
  const ids = [version("i".repeat(32)).id.length, version("i".repeat(64)).id.length];

  expect(ids).toEqual([32, 64]);
});

it("counts a value in bytes and refuses one of 65,537 without repeating it", () => {
  const largest = version(A, "é".repeat(32_768));

  const tooLarge = () => version(A, `${"é".repeat(32_768)}x`);

  expect(largest.id).toBe("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  expect(tooLarge).toThrow(
    expect.objectContaining({
      code: "ValidationException",
      message: "1 validation error detected: Value at 'secretString' must have 1 to 65536 bytes, got 65537",
    }),
  );
});
