import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answer, fleet, LOST, NOT_CONNECTED, result, type Scene, state, WELL } from "./fixtures/aws.ts";
import { play } from "./fixtures/play.ts";

const DOCUMENT = readFileSync(join(import.meta.dirname, "../../docs/operator-permissions.md"), "utf8");

/** Actions of the policy under a heading, without the keys of its conditions and without KMS's actions, which no command calls by itself. */
function documented(heading: string): readonly string[] {
  const section = DOCUMENT.split(/^## /m).find((text) => text.startsWith(heading)) ?? "";
  return [...section.matchAll(/"((?!kms:)[a-z]+:[A-Za-z]+)"(?!:)/g)].map(([, action = ""]) => action).sort();
}

const SEED = '{"client_id":"client-1","client_secret":"secret-1","refresh_token":"refresh-1"}';
const REDIRECT = "https://desk.example/cb";

it.each<[string, string, Scene, string]>([
  ["status", "Every command", {}, ""],
  ["rotate", "Every command", { answers: [answer(result("rotated", "renewed: due"))] }, ""],
  ["recover --promote 2222 --yes", "Every command", { answers: [answer(LOST), answer(result("settled", "a: b"))] }, ""],
  [
    `authorize --redirect-uri ${REDIRECT}`,
    "Every command",
    { answers: [answer(WELL), answer(result("authorized", "authorized: done"))] },
    "code-1",
  ],
  ["doctor", "doctor", {}, ""],
  ["doctor --connection user-42", "doctor", {}, ""],
  ["connections", "Every command", { answers: fleet([state("default")]) }, ""],
  ["seed --overwrite", "seed", { answers: [answer(WELL), answer(result("settled", "a: b")), answer(WELL)] }, SEED],
  [
    "seed --connection user-42",
    "seed, for a new connection",
    { answers: [answer(NOT_CONNECTED)] },
    '{"refresh_token":"refresh-1"}',
  ],
  ["status --connection user-42", "status, when the function cannot run", { answers: [{ kind: "hangup" }] }, ""],
  ["status", "status, when the function cannot run", { answers: [{ kind: "hangup" }] }, ""],
])("calls for %j no more and no less than the document grants under %j", async (words, heading, scene, input) => {
  const { calls } = await play(words, scene, input);

  const called = new Set(calls.map((call) => call.split(" ")[0] ?? ""));
  expect([...called].sort()).toEqual([...new Set([...documented("Every command"), ...documented(heading)])].sort());
});

it("disconnects with what the document grants, and without invoking the function", async () => {
  const { calls } = await play("disconnect --connection user-42 --yes");

  const called = new Set(calls.map((call) => call.split(" ")[0] ?? ""));
  expect([...called].sort()).toEqual([
    "cloudformation:DescribeStacks",
    "lambda:GetFunctionConfiguration",
    ...documented("disconnect"),
  ]);
});
