import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readEvent } from "../../lambda/event.ts";

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

/** The blocks of one language in the document on connecting users. */
function blocksIn(language: string): readonly string[] {
  const document = readFileSync(join(ROOT, "docs", "connecting-users.md"), "utf8");
  return Array.from(
    document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")),
    ([, code = ""]) => code,
  );
}

it.each(blocksIn("ts"))("shows as it is deployed by a test: %s", (code) => {
  // given
  const folder = join(ROOT, "examples", "connecting");
  const files = readdirSync(folder).map((name) => join(folder, name));
  files.push(join(ROOT, "test", "deploy", "workload-app.ts"));

  // when
  const holders = files.filter((file) => readFileSync(file, "utf8").includes(code));

  // then
  expect(holders).toHaveLength(1);
});

it("shows events on connecting users that the function takes", () => {
  // given
  const events = blocksIn("json").map((text) => JSON.parse(text));

  // when
  const asked = events.map((event) => readEvent(event).kind);

  // then
  expect(asked).toEqual(["authorize", "states"]);
});
