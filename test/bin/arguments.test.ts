import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readArguments } from "../../bin/arguments.ts";

const BIN = join(import.meta.dirname, "../../bin");

function problemsOf(words: string): readonly string[] {
  const read = readArguments(words.split(" "));
  return read.kind === "unusable" ? read.problems : [];
}

it("reads the common options and the command's own, in any order", () => {
  const read = readArguments("--json recover --promote 2222 --connection desk-a --yes".split(" "));

  expect(read).toEqual({
    kind: "command",
    name: "recover",
    options: {
      stack: "XtTokenRotation",
      function: undefined,
      connection: "desk-a",
      json: true,
      verbose: false,
      own: { json: true, promote: "2222", connection: "desk-a", yes: true },
    },
  });
});

it.each([
  ["stauts", "unknown command stauts, did you mean status?"],
  ["banana", "unknown command banana"],
  ["status --jsn", "unknown option --jsn, did you mean --json?"],
  ["status --promote x", "unknown option --promote"],
  ["status twice", "unexpected argument twice"],
  ["status --json --json", "--json must be given once"],
  ["status --json=yes", "--json takes no value"],
  ["recover --promote --yes", "--promote must have a value: --promote <id>"],
  ["status --stack my_stack", "--stack must be the name of a stack such as XtTokenRotation"],
  ["status --stack one --function two", "give --stack or --function, not both"],
  ["--json", "the command must be one of status, doctor, connections, authorize, seed, rotate, recover, disconnect"],
  ["status --connection -x", "--connection must have a value: --connection <name>"],
  ["status --connection .x", "--connection must be 1 to 64 letters, digits, '-', '_' and '.', first a letter or digit"],
  ["connections --connection user-42", "unknown option --connection"],
  ["connections --severity 2", "--severity must be 0, 3 or 4"],
  ["disconnect --days 31", "--days must be a whole number from 7 to 30"],
])("says of %j that %s", (words, problem) => {
  expect(problemsOf(words)).toContain(problem);
});

it.each([
  "authorize eyJhbGciOiJSUzI1NiJ9.abc",
  "seed --secret=9f86d081884c7d659a2feaa0c55ad015",
  "status -9f86d081884c7d659a2feaa0c55ad015",
])("warns of an exposed secret and does not repeat it in %j", (words) => {
  const text = problemsOf(words).join("\n");

  expect(text).toContain("argument 2 is not expected. If it is a secret, replace it");
  expect(text).not.toMatch(/eyJ|9f86d0/);
});

it("loads the AWS SDK only where a command needs it", () => {
  const eager = readdirSync(BIN).filter((name) =>
    /^import (?!type).*"@aws-sdk/m.test(readFileSync(join(BIN, name), "utf8")),
  );

  expect(eager).toEqual([]);
});

it("takes of the function its contract and the readers of what a person seeds, and nothing else", () => {
  const readers =
    /^(connections|contract|inspection|rotation\/(client-credentials|json|pair-document|pasted|ports|sensitive|token-pair))\.ts$/;
  const files = readdirSync(BIN).map((name) => readFileSync(join(BIN, name), "utf8"));
  const imported = files.flatMap((text) =>
    Array.from(text.matchAll(/"\.\.\/lambda\/([^"]+)"/g), ([, path = ""]) => path),
  );

  expect(imported).toContain("contract.ts");
  expect(imported.filter((path) => !readers.test(path))).toEqual([]);
});
