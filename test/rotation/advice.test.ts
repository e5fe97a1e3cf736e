import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const CORE = join(import.meta.dirname, "../../lambda/rotation");
const SOURCE = readdirSync(CORE)
  .map((name) => readFileSync(join(CORE, name), "utf8"))
  .join("\n");

/** What the command line understands. */
const COMMANDS = [
  "status",
  "doctor",
  "recover",
  "recover --promote <id>",
  "rotate",
  "rotate --now",
  "authorize",
  "seed",
  "seed --credentials-only",
  "seed --overwrite",
];

/** Every command that the core tells a person to type. */
function advised(): readonly string[] {
  const typed = [...SOURCE.matchAll(/commandLine\(["`]([^"`]+)["`]\)/g)].map(([, words = ""]) => words);
  const next = [...SOURCE.matchAll(/next: "([^"]+)"/g)].map(([, words = ""]) => words);
  const chosen = [...SOURCE.matchAll(/(?:const next =|next:)([^;,]*\?[^;,]*)/g)]
    .flatMap(([, choice = ""]) => [...choice.matchAll(/[?:] "([^"]+)"/g)])
    .map(([, words = ""]) => words);
  return [...typed, ...next, ...chosen].map((words) => words.replace(/\$\{\w+\}/, "<id>"));
}

it("names only commands that exist", () => {
  const commands = advised();

  expect(commands.length).toBeGreaterThan(20);
  expect(commands.filter((command) => !COMMANDS.includes(command))).toEqual([]);
});

it("speaks of no timeout of the function, which nobody is to change", () => {
  expect(SOURCE.match(/"[^"\n]*function's timeout[^"\n]*"|`[^`\n]*function's timeout[^`\n]*`/)).toBe(null);
});
