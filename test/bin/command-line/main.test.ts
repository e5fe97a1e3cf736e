import { expect, it } from "vitest";
import type { Io } from "../../../bin/command-line/command.ts";
import { main } from "../../../bin/command-line/main.ts";

const plain = (text: string) => text;

/** Runs the command line for a person without a terminal. */
async function run(...words: readonly string[]) {
  const told: string[] = [];
  const complaints: string[] = [];
  const io: Io = {
    tell: (line) => void told.push(line),
    complain: (sentence) => void complaints.push(sentence),
    waiting: (_text, work) => work,
    ask: async () => undefined,
    confirm: async () => false,
    style: { bold: plain, dim: plain, good: plain, warn: plain, bad: plain },
  };
  return { exit: await main(words, io), told: told.join("\n"), complaints };
}

it.each([
  [["help"], /^usage: xt-token <command> \[options\]\n/],
  [["help", "recover"], /^usage: xt-token recover \[options\]\n/],
])("takes %j for the wish for help", async (words, usage) => {
  const { exit, told, complaints } = await run(...words);

  expect([exit, complaints]).toEqual([0, []]);
  expect(told).toMatch(usage);
});

it("does not repeat a word that it does not know, and says where to look", async () => {
  const { exit, told, complaints } = await run("stauts");

  expect([exit, told]).toEqual([2, ""]);
  expect(complaints.join("\n")).not.toContain("stauts");
  expect(complaints.at(-1)).toBe("type npx xt-token --help to see what it takes");
});
