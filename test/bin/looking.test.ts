import { expect, it } from "vitest";
import { ALIAS, answer, CRASH, HANGUP, LOST, type Scene } from "./fixtures/aws.ts";
import { play } from "./fixtures/play.ts";

it("shows the state, where it is, and what a tick would do, with short ids", async () => {
  const { exit, stdout, stderr, events } = await play("status");

  expect(exit).toBe(0);
  expect(events).toEqual([{ inspect: true }]);
  expect(stderr).toMatch(
    /^account 123456789012 · eu-west-1 · stack XtTokenRotation · connection default · endpoint http:\/\/127[\d.:]+\n$/,
  );
  expect(stdout).toBe(`✓ all is well
  access token until   2026-11-24 12:00:00Z (in 23 h)
  refresh token until  2099-05-22 12:00:00Z (in 26477 d)
  last renewal         2026-11-23 12:00:00Z (1 h ago)
  next renewal         2026-11-24 04:00:00Z (in 15 h)
  a tick now           does nothing, the pair is not due
  escrow               empty
  AWSCURRENT           11111111
  XT_ISSUED            11111111
`);
});

it("completes the next command with the options that name this connection", async () => {
  const scene = { answers: [answer(LOST)] };

  const { exit, stdout, events } = await play(`status --function ${ALIAS} --connection desk-a --verbose`, scene);

  expect(exit).toBe(4);
  expect(events).toEqual([{ connection: "desk-a", inspect: true }]);
  expect(stdout).toContain(`  type npx --no xt-token authorize --function ${ALIAS} --connection desk-a\n`);
  expect(stdout).toContain("AWSCURRENT           1111111100000000000000000000000000000000000000000000000000000001\n");
});

it("prints the inspection as the function answered it", async () => {
  const { exit, stdout } = await play("status --json", { answers: [answer(LOST)] });

  expect(exit).toBe(4);
  expect(JSON.parse(stdout)).toEqual(LOST);
});

it("says first that the function cannot run, then what AWS tells of the secret, and what to type", async () => {
  const { exit, stdout, stderr } = await play("status", { answers: [CRASH] });

  expect(exit).toBe(1);
  expect(stderr).toContain("xt-token: the function failed with RotationRejected: rejected: XT refused with AUTH_101\n");
  expect(stdout).toMatch(/last changed {2}2026-11-23 12:00:00Z \(.* ago\)\n {2}version 11111111 {19}AWSCURRENT\n/);
  expect(stdout).toContain("  type npx --no xt-token doctor\n  type aws logs tail /aws/lambda/xt --region eu-west-1");
});

it.each<[string, Scene, RegExp]>([
  [
    "status",
    { refusals: { "cloudformation:DescribeStacks": "ValidationError" } },
    /there is no such stack, check --stack/,
  ],
  [
    "rotate",
    { answers: [{ kind: "refusal", code: "AccessDeniedException" }] },
    /allow your role lambda:InvokeFunction on/,
  ],
  [
    "rotate",
    { answers: [{ kind: "refusal", code: "ExpiredTokenException" }] },
    /the AWS credentials are missing, expired or wrong/,
  ],
  [
    "rotate --function other",
    { refusals: { "lambda:GetFunctionConfiguration": "ResourceNotFoundException" } },
    /on other in eu-west-1 failed with ResourceNotFoundException: it does not exist, check --stack or --function/,
  ],
  ["rotate", { answers: [answer({ statusCode: 200 })] }, /the function and this program have different versions/],
])("says of %j what to check", async (words, scene, sentence) => {
  const { exit, stderr } = await play(words, scene);

  expect(exit).toBe(1);
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toContain("hush");
});

it("examines what the function and what AWS tell, one line each, and ends as bad as the worst", async () => {
  const scene = {
    schedule: { State: "DISABLED" },
    alarms: [{ AlarmName: "XtTokenRotation-Late", AlarmDescription: "The token expires", StateValue: "ALARM" }],
    tokenKey: "arn:aws:kms:eu-west-1:123456789012:key/key-1",
  };

  const { exit, stdout } = await play("doctor", scene);

  expect(exit).toBe(4);
  expect(stdout.split("\n").slice(0, 8)).toEqual([
    `✓ function             ${ALIAS} runs, version 0.1.0`,
    "✓ xt                   XT answers",
    "✓ connection           all is well",
    "✗ schedule             the schedule is DISABLED, and nothing renews the pair",
    "  next enable group-1/tick-1 in EventBridge Scheduler",
    "✗ alarm                XtTokenRotation-Late rings: The token expires",
    "! encryption           key of the token secret key-1, of the client secret aws-managed",
    "  next deploy the stack with encryptionKeyArn, unless you want different keys",
  ]);
});

it("goes on examining where one thing cannot be, and does not end well", async () => {
  const { exit, stdout } = await play("doctor", {
    answers: [HANGUP],
    refusals: { "cloudwatch:DescribeAlarms": "AccessDenied" },
  });

  expect(exit).toBe(1);
  expect(stdout).toMatch(/^\? function {13}the function gave no answer/);
  expect(stdout).toMatch(/\? alarms {15}cloudwatch:DescribeAlarms .* allow your role cloudwatch:DescribeAlarms/);
  expect(stdout).toContain("✓ schedule             rate(15 minutes), enabled");
});

it("shows what AWS says about the token secret of a further connection", async () => {
  const { stdout, calls } = await play("status --connection user-42", { answers: [CRASH] });

  expect(calls).toContain("secretsmanager:DescribeSecret xt/user-42/pair");
  expect(stdout).toContain("the token secret was last changed");
});

it("says that a further connection has no token secret", async () => {
  const refusals = { "secretsmanager:DescribeSecret": "ResourceNotFoundException" };

  const { exit, stderr } = await play("status --connection user-42", { answers: [CRASH], refusals });

  expect(exit).toBe(1);
  expect(stderr).toContain("xt-token: there is no secret xt/user-42/pair\n");
});

it("checks the schedule and the key of a further connection", async () => {
  const { exit, stdout, calls } = await play("doctor --connection user-42");

  expect(exit).toBe(0);
  expect(stdout).toContain("✓ schedule             rate(15 minutes), enabled, invokes ");
  expect(stdout).toContain(
    "✓ encryption           key of the token secret aws-managed, of the client secret aws-managed",
  );
  expect(calls).toContain("scheduler:GetSchedule group-1/user-42");
  expect(calls).toContain("secretsmanager:DescribeSecret xt/user-42/pair");
});

it("says that the census makes the missing schedule of a further connection", async () => {
  const refusals = {
    "scheduler:GetSchedule": "ResourceNotFoundException",
    "secretsmanager:DescribeSecret xt/user-42/pair": "ResourceNotFoundException",
  };

  const { exit, stdout } = await play("doctor --connection user-42", { refusals });

  expect(exit).toBe(3);
  expect(stdout).toContain(`! schedule             there is no schedule group-1/user-42
  next wait: within an hour the census makes it, if the connection has a token secret
`);
  expect(stdout).not.toContain("encryption");
});

it.each(["doctor", "doctor --connection user-42"])(
  "finds in %j a schedule that invokes something else",
  async (words) => {
    const Arn = "arn:aws:lambda:eu-west-1:123456789012:function:XtTokenRotation-Function:old";

    const { exit, stdout } = await play(words, { schedule: { Target: { Arn } } });

    expect(exit).toBe(4);
    expect(stdout).toContain(`✗ schedule             the schedule does not invoke ${ALIAS}\n`);
  },
);

it("checks the schedule of the census if the stack names it", async () => {
  const scene = { outputs: { CensusScheduleName: "census-1" }, schedule: { State: "DISABLED" } };

  const { exit, stdout, calls } = await play("doctor", scene);

  expect(exit).toBe(4);
  expect(calls).toContain("scheduler:GetSchedule group-1/census-1");
  expect(
    stdout,
  ).toContain(`✗ census               the schedule is DISABLED, and nothing counts the connections that no tick looks after
  next enable group-1/census-1 in EventBridge Scheduler
`);
});
