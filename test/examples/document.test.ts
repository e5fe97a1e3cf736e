import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const DOCUMENT = readFileSync(join(ROOT, "docs", "reading-the-token.md"), "utf8");

/** Each example by its file's name, as the document shows it below the link to the file. */
const SHOWN = Array.from(
  DOCUMENT.matchAll(/^\[`(?<name>[\w.-]+)`\]\(\.\.\/examples\/reading\/\k<name>\)\n\n```\w+\n(?<code>.*?)^```$/gms),
  ({ groups = {} }) => [groups["name"] ?? "", groups["code"] ?? ""] as const,
);

it("shows every example in the document on reading the token", () => {
  // given
  const files = readdirSync(join(ROOT, "examples", "reading")).filter((name) => /\.\w+$/.test(name));

  // when
  const names = SHOWN.map(([name]) => name);

  // then
  expect([...names].sort()).toEqual(files.sort());
});

it.each(SHOWN)("shows %s as the file has it", (name, code) => {
  // given
  const file = readFileSync(join(ROOT, "examples", "reading", name), "utf8");

  // when the document shows it
  // then
  expect(code).toBe(file);
});
