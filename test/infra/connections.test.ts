import { Stack, TimeZone } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AccountPrincipal, type IGrantable, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { expect, it } from "vitest";
import { XtTokenRotation, type XtTokenRotationProps } from "../../lib/xt-token-rotation.ts";
import type { IXtTokenRotation } from "../../lib/xt-token-rotation-base.ts";
import { appWithoutBundling, constructTemplate, only, stackTemplate, statementsOf } from "./synthesis.ts";

const KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";
const NAME_EXPECTED = "expected 1 to 64 letters, digits, '-', '_' and '.', first a letter or digit";
const PREFIX_EXPECTED =
  "expected the beginning of secrets' names: up to 435 letters, digits and characters of _+=.@-, in parts that each end with a slash";
const ACCESS_TOKEN_OF_DEFAULT = { Ref: expect.stringMatching(/^RotationAccessTokenSecret/) };

/** A stack whose account is known. */
function stackIn(account = "111122223333"): Stack {
  return new Stack(appWithoutBundling(), "Test", { env: { account, region: "eu-west-1" } });
}

/** What a role of the same account may do after the grant, where the rotation is deployed by the same stack. */
function granted(
  grant: (rotation: XtTokenRotation, reader: IGrantable) => void,
  propsIn: (stack: Stack) => XtTokenRotationProps = () => ({}),
) {
  const stack = stackIn();
  const reader = new Role(stack, "Reader", { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });
  grant(new XtTokenRotation(stack, "Rotation", propsIn(stack)), reader);
  return statementsOf(Template.fromStack(stack), "Reader");
}

function secretArn(name: string): string {
  return `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`;
}

it("names further connections' secrets after the stack and the construct, by characters that a secret's name holds", () => {
  // given
  const stack = new Stack(appWithoutBundling(), "Test", { stackName: "desks" });
  const inside = new Stack(stack, "Inner", { stackName: "inner" });

  // when
  const prefixes = [
    new XtTokenRotation(stack, "Rotation"),
    new XtTokenRotation(inside, "XT.COM: the (2nd) desk"),
    new XtTokenRotation(stack, "Chosen", { connectionPrefix: "xt/desks/" }),
  ].map(({ connectionPrefix }) => connectionPrefix);

  // then
  expect(prefixes).toEqual(["desks/Rotation/", "inner/XT-COM--the--2nd--desk/", "xt/desks/"]);
});

it.each(["", "/", "/xt/", "xt", "xt//", "xt*/", "x t/", "xt/?/", `${"x".repeat(435)}/`])(
  "refuses '%s' as the beginning of secrets' names",
  (connectionPrefix) => {
    // given the prefix
    // when
    const build = () => constructTemplate(() => ({ connectionPrefix }));

    // then
    expect(build).toThrow(`connectionPrefix: found '${connectionPrefix}', ${PREFIX_EXPECTED}`);
  },
);

it("changes nothing in the template for connections that are data, and adds one schedule for each that is named", () => {
  // given
  const without: Record<string, unknown> = stackTemplate().toJSON()["Resources"];

  // when
  const named: Record<string, unknown> = stackTemplate({ connections: ["desk-a", "desk.b"] }).toJSON()["Resources"];

  // then
  const added = Object.keys(named).filter((id) => !(id in without));
  expect(named).toMatchObject(without);
  expect(added.map((id) => Object(named[id]).Type)).toEqual(["AWS::Scheduler::Schedule", "AWS::Scheduler::Schedule"]);
});

it("ticks an added connection by the schedule that the function would make", () => {
  // given
  const schedule = ScheduleExpression.expression("cron(0/20 * * * ? *)", TimeZone.EUROPE_BERLIN);
  const template = constructTemplate(
    () => ({ schedule }),
    (rotation) => rotation.addConnection("Tick"),
  );

  // when
  const tick = only(template, "AWS::Scheduler::Schedule", "RotationScheduleConnections");

  // then
  expect(tick).toEqual({
    Name: "Tick",
    Description: "Looks whether the token pair of one XT.COM connection is due and renews it if so",
    GroupName: expect.stringMatching(/^Test-Rotation-Schedule-Group-/),
    ScheduleExpression: "cron(0/20 * * * ? *)",
    ScheduleExpressionTimezone: "Europe/Berlin",
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 5 },
    State: "ENABLED",
    Target: {
      Arn: { Ref: expect.stringMatching(/^RotationFunctionLive/) },
      RoleArn: { "Fn::GetAtt": [expect.stringMatching(/^RotationScheduleRole/), "Arn"] },
      Input: '{"connection":"Tick"}',
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
    },
  });
});

it("gives the schedules' role nothing more for a named connection", () => {
  // given
  const without = statementsOf(stackTemplate(), "RotationScheduleRole");

  // when
  const named = statementsOf(stackTemplate({ connections: ["desk-a", "desk-b"] }), "RotationScheduleRole");

  // then
  expect(named).toEqual(without);
});

it.each([
  [["-desk"], `found '-desk', ${NAME_EXPECTED}`],
  [["desk/a"], `found 'desk/a', ${NAME_EXPECTED}`],
  [["*"], `found '*', ${NAME_EXPECTED}`],
  [["default"], "found 'default', expected another name: every stack has that connection"],
  [["desk-a", "desk-b", "desk-a"], "found 'desk-a' twice, expected it once"],
])("refuses to add the connections %j", (names, fault) => {
  // given
  const add = (rotation: XtTokenRotation) => {
    for (const name of names) rotation.addConnection(name);
  };

  // when
  const build = () => constructTemplate(() => ({}), add);

  // then
  expect(build).toThrow(`connection: ${fault}`);
});

it("knows a named connection's secret, and lets a workload read that secret alone", () => {
  // given
  const seen: string[] = [];

  // when
  const statements = granted((rotation, reader) => {
    const desk = rotation.addConnection("desk-a");
    desk.grantReadAccessToken(reader);
    seen.push(desk.name, desk.accessTokenSecret.secretName);
  });

  // then
  expect(seen).toEqual(["desk-a", "Test/Rotation/desk-a/access-token"]);
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: secretArn("Test/Rotation/desk-a/access-token-??????"),
    },
  ]);
});

it("lets a workload read one connection that is data, with its key for that secret alone", () => {
  // given
  const withKey = (stack: Stack) => ({ encryptionKey: Key.fromKeyArn(stack, "Key", KEY_ARN) });

  // when
  const statements = granted((rotation, reader) => rotation.grantReadAccessToken(reader, "user-42"), withKey);

  // then
  const secret = secretArn("Test/Rotation/user-42/access-token-??????");
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: secret,
    },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: KEY_ARN,
      Condition: {
        StringEquals: {
          "kms:ViaService": { "Fn::Join": ["", ["secretsmanager.eu-west-1.", { Ref: "AWS::URLSuffix" }]] },
        },
        StringLike: { "kms:EncryptionContext:SecretARN": secret },
      },
    },
  ]);
});

it("lets a workload read every connection's access token, and no token pair", () => {
  // given
  const all = (rotation: XtTokenRotation, reader: IGrantable) => rotation.grantReadAllAccessTokens(reader);

  // when
  const statements = granted(all);

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: [secretArn("Test/Rotation/*/access-token-??????"), ACCESS_TOKEN_OF_DEFAULT],
    },
  ]);
});

it("grants the stack's own connection for the name default, and without a name", () => {
  // given
  const both = (rotation: XtTokenRotation, reader: IGrantable) => {
    rotation.grantReadAccessToken(reader);
    rotation.grantReadAccessToken(reader, "default");
  };

  // when
  const statements = granted(both);

  // then
  expect(statements.map(({ Resource }) => Resource)).toEqual([ACCESS_TOKEN_OF_DEFAULT]);
});

it("grants one connection to several workloads, and twice to one", () => {
  // given
  const again = (rotation: XtTokenRotation, reader: IGrantable) => {
    rotation.addConnection("desk-a").grantReadAccessToken(reader);
    rotation.grantReadAccessToken(reader, "desk-a");
  };

  // when
  const statements = granted(again);

  // then
  expect(statements.map(({ Resource }) => Resource)).toEqual([secretArn("Test/Rotation/desk-a/access-token-??????")]);
});

it.each(["desk/pair", "*", ""])("refuses to let a workload read the connection '%s'", (name) => {
  // given the name
  // when
  const grant = () => granted((rotation, reader) => rotation.grantReadAccessToken(reader, name));

  // then
  expect(grant).toThrow(`connection: found '${name}', ${NAME_EXPECTED}`);
});

it.each<[string, (rotation: XtTokenRotation, reader: IGrantable) => void]>([
  ["one further connection", (rotation, reader) => rotation.grantReadAccessToken(reader, "desk-a")],
  ["every connection", (rotation, reader) => rotation.grantReadAllAccessTokens(reader)],
])("refuses a reader of another account for %s, whose secret no template holds", (_, grantTo) => {
  // given
  const stack = stackIn();
  const rotation = new XtTokenRotation(stack, "Rotation", { encryptionKey: new Key(stack, "Key") });

  // when
  const grant = () => grantTo(rotation, new AccountPrincipal("444455556666"));

  // then
  expect(grant).toThrow(
    "the grantee is in another account, and the secrets of further connections have no resource policy that lets it in: " +
      "grant a role of this account that the grantee assumes, or set the account in the stack's env where both are the same account",
  );
  Template.fromStack(stack).resourceCountIs("AWS::SecretsManager::ResourcePolicy", 0);
});

it("lets a callback handler connect users by invoking the alias, and nothing else", () => {
  // given
  const authorize = (rotation: XtTokenRotation, reader: IGrantable) => rotation.grantAuthorize(reader);

  // when
  const statements = granted(authorize);

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: { Ref: expect.stringMatching(/^RotationFunctionLive/) },
    },
  ]);
});

/** A rotation that another app deploys to Ireland, used by a stack in Singapore, with a role there. */
function imported(connectionPrefix?: string) {
  const env = { account: "111122223333", region: "ap-southeast-1" };
  const stack = new Stack(appWithoutBundling(), "Far", { env });
  const rotation: IXtTokenRotation = XtTokenRotation.fromXtTokenRotationAttributes(stack, "Rotation", {
    functionName: "Rotation-Function-1A2B:live",
    accessTokenSecret: Secret.fromSecretAttributes(stack, "Token", {
      secretCompleteArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:access-AbCdEf",
      encryptionKey: Key.fromKeyArn(stack, "Key", KEY_ARN),
    }),
    ...(connectionPrefix === undefined ? {} : { connectionPrefix }),
  });
  const reader = new Role(stack, "Reader", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  return { stack, rotation, reader };
}

it("grants further connections of a deployed rotation too, in its Region and with its key", () => {
  // given
  const { stack, rotation, reader } = imported("desks/Rotation/");

  // when
  rotation.grantReadAccessToken(reader, "desk-a").assertSuccess();

  // then
  const secret = secretArn("desks/Rotation/desk-a/access-token-??????");
  expect(rotation.connectionPrefix).toBe("desks/Rotation/");
  expect(statementsOf(Template.fromStack(stack), "Reader")).toMatchObject([
    { Resource: secret },
    {
      Resource: KEY_ARN,
      Condition: {
        StringEquals: {
          "kms:ViaService": { "Fn::Join": ["", ["secretsmanager.eu-west-1.", { Ref: "AWS::URLSuffix" }]] },
        },
        StringLike: { "kms:EncryptionContext:SecretARN": secret },
      },
    },
  ]);
});

it.each<[string, (rotation: IXtTokenRotation, reader: IGrantable) => unknown]>([
  ["one further connection", (rotation, reader) => rotation.grantReadAccessToken(reader, "desk-a")],
  ["every connection", (rotation, reader) => rotation.grantReadAllAccessTokens(reader)],
])("cannot grant %s of a deployed rotation whose prefix it was not told", (_, grantTo) => {
  // given
  const { rotation, reader } = imported();

  // when
  const grant = () => grantTo(rotation, reader);

  // then
  expect(grant).toThrow(
    "connectionPrefix: found none, expected the prefix of the deployed rotation, which is its stack's output ConnectionPrefix",
  );
});

it("refuses a deployed rotation's prefix that no secret's name begins with", () => {
  // given
  const act = () => imported("desks-Rotation");

  // when, then
  expect(act).toThrow(`connectionPrefix: found 'desks-Rotation', ${PREFIX_EXPECTED}`);
});
