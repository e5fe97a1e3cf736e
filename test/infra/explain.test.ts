import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";
import { buildBundle } from "../../lib/bundle.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

const directory = mkdtempSync(join(tmpdir(), "explain-"));
afterAll(() => rmSync(directory, { recursive: true }));
buildBundle(directory);
const files = readdirSync(directory);

function run(...words: readonly string[]) {
  const environment = { TOKEN_SECRET_ID: "token", CLIENT_SECRET_ID: "client", AWS_REGION: "eu-west-1" };
  const env = { PATH: process.env["PATH"], ...environment };
  return spawnSync(process.execPath, words, { cwd: PROJECT_ROOT, encoding: "utf8", env });
}

function explain(text: string) {
  const { status, stdout } = run("--import", "tsx", "bin/explain.ts", text);
  return { status, lines: stdout.trim().split("\n") };
}

it("finds the line at which the built function failed unexpectedly, from its log", () => {
  // given an invocation without the context's clock, which Lambda always gives
  const url = pathToFileURL(join(directory, "index.mjs")).href;
  const invoke = `const { handler } = await import("${url}"); await handler({}, { awsRequestId: "1" }).catch(() => {});`;
  const { stderr } = run("--input-type=module", "--eval", invoke);
  const log = stderr.split("\n").find((line) => line.includes("UnexpectedFailure")) ?? "";

  // when
  const { status, lines } = explain(log);

  // then
  const source = readFileSync(join(PROJECT_ROOT, "lambda/handler.ts"), "utf8").split("\n");
  const line = source.findIndex((text) => text.includes("context.getRemainingTimeInMillis()")) + 1;
  expect(lines[0]).toMatch(new RegExp(`^index\\.mjs:\\d+:\\d+: lambda/handler\\.ts:${line}:\\d+$`));
  expect(status).toBe(0);
});

it("knows the files that are loaded beside the main one by the names that were deployed", () => {
  // given
  const client = files.find((file) => file.startsWith("ssm-client-"));

  // when
  const { lines } = explain(`at send (file:///var/task/${client}:3:300)`);

  // then
  expect(lines).toEqual([expect.stringMatching(`^${client}:3:300: node_modules/@aws-sdk/client-ssm/`)]);
});

it("says that a file of another build is none of this checkout's", () => {
  // given
  const place = "chunk-AAAAAAAA.mjs:1:20";

  // when
  const { lines } = explain(place);

  // then
  expect(lines).toEqual([
    "chunk-AAAAAAAA.mjs:1:20: this checkout's bundle has no such file, check out the deployed commit",
  ]);
});

it("says what a place looks like where it is given none", () => {
  // given
  const text = "an unexpected TypeError ended the run";

  // when
  const { status, lines } = explain(text);

  // then
  expect(lines).toEqual(["found no place, expected one such as index.mjs:1:23456"]);
  expect(status).toBe(2);
});

it("ships no map and no mention of one", () => {
  // given a built bundle
  // when
  const mentioning = files.filter((file) => readFileSync(join(directory, file), "utf8").includes("sourceMappingURL"));

  // then
  expect(mentioning).toEqual([]);
  expect(files.filter((file) => file.endsWith(".map"))).toEqual([]);
});
