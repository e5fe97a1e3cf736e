import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { PROJECT_ROOT } from "./synthesis.ts";

const outputs = mkdtempSync(join(tmpdir(), "app-"));
afterAll(() => rmSync(outputs, { recursive: true }));

/** Runs the app as the CDK CLI runs it, with the context that cdk.json and the command line give. */
function runApp(name: string, settings: Readonly<Record<string, string>> = {}) {
  const { app, context } = JSON.parse(readFileSync(join(PROJECT_ROOT, "cdk.json"), "utf8"));
  const [, ...args] = app.split(" ");
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: PROJECT_ROOT,
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      CDK_OUTDIR: join(outputs, name),
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...settings }),
    },
  });
  const file = (path: string) => readFileSync(join(outputs, name, path), "utf8");
  return { status, stderr, file };
}

const first = runApp("first");

it("passes the AWS solutions checks and CloudFormation's own rules with nothing to print but the bundling", () => {
  // given a run without settings
  // when
  const lines = first.stderr.trim().split("\n");

  // then
  expect(lines).toEqual(["Bundling asset XtTokenRotation/Rotation/Function/Resource/Code/Stage..."]);
  expect(first.status).toBe(0);
  expect(JSON.parse(first.file("validation-report.json"))).toMatchObject({ pluginReports: [] });
});

it("gives the same template twice", () => {
  // given
  const second = runApp("second");

  // when
  const [one, other] = [first, second].map((run) => run.file("XtTokenRotation.template.json"));

  // then
  expect(one).toBe(other);
});

it("puts no path of the machine that built it into the template", () => {
  // given a run without settings
  // when
  const template = first.file("XtTokenRotation.template.json");

  // then
  expect(template).not.toContain(PROJECT_ROOT);
  expect(template).not.toContain(outputs);
});

it("passes the same checks with a key, a topic and secrets that stand already, and under another name", () => {
  // given
  const settings = {
    stackName: "second-connection",
    tokenSecretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-AbCdEf",
    clientSecretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:client-AbCdEf",
    encryptionKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f",
    alarmTopicArn: "arn:aws:sns:eu-west-1:111122223333:pager",
    runbookUrl: "https://wiki.example/xt",
    refreshExpiryAlarmDays: "30",
    connectionPrefix: "xt/desks/",
    connections: "desk-a,desk-b",
  };

  // when
  const run = runApp("settings", settings);

  // then
  expect(run.status).toBe(0);
  expect(run.file("manifest.json")).toContain('"stackName": "second-connection"');
});

it("says what is wrong with the settings, and no more, and stops", () => {
  // given
  const settings = { shedule: "rate(1 hour)", unknownOutcomePolicy: "retry", exchangeTimeoutSeconds: "90" };

  // when
  const run = runApp("wrong", settings);

  // then
  expect(run.status).toBe(1);
  expect(run.stderr).toBe(
    "shedule: found a key that is not a setting, expected schedule\n" +
      "unknownOutcomePolicy: found 'retry', expected replay or hold\n" +
      "exchangeTimeoutSeconds: found 90 seconds, expected from 1 to 60 seconds\n",
  );
});
