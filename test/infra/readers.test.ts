import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { AccountPrincipal, ArnPrincipal, type IGrantable, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { expect, it } from "vitest";
import { XtTokenRotation, type XtTokenRotationProps } from "../../lib/xt-token-rotation.ts";
import { appWithoutBundling, constructTemplate, only, PROJECT_ROOT, statementsOf } from "./synthesis.ts";

const KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";
const ELSEWHERE = "arn:aws:iam::444455556666:role/desk";
const ACCESS_TOKEN_SECRET = { Ref: expect.stringMatching(/^RotationAccessTokenSecret/) };
const THROUGH_SECRETS_MANAGER = {
  "kms:ViaService": { "Fn::Join": ["", ["secretsmanager.", { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }]] },
};

function roleIn(stack: Stack, id: string): Role {
  return new Role(stack, id, { assumedBy: new ServicePrincipal("ecs-tasks.amazonaws.com") });
}

/** A stack whose account is known, with one reader. */
function readIn(propsIn: (stack: Stack) => XtTokenRotationProps, readerIn: (stack: Stack) => IGrantable): Stack {
  const stack = new Stack(appWithoutBundling(), "Test", { env: { account: "111122223333", region: "eu-west-1" } });
  new XtTokenRotation(stack, "Rotation", propsIn(stack)).grantReadAccessToken(readerIn(stack)).assertSuccess();
  return stack;
}

it("lets a reader of the access token do nothing but read that secret", () => {
  // given
  const granted = constructTemplate(
    () => ({}),
    (rotation, stack) => rotation.grantReadAccessToken(roleIn(stack, "Reader")).assertSuccess(),
  );

  // when
  const statements = statementsOf(granted, "Reader");

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: ACCESS_TOKEN_SECRET,
    },
  ]);
  granted.resourceCountIs("AWS::SecretsManager::ResourcePolicy", 0);
});

it("lets a reader of the access token decrypt with a given key, for that secret alone", () => {
  // given
  const granted = constructTemplate(
    (stack) => ({ encryptionKey: Key.fromKeyArn(stack, "Key", KEY_ARN) }),
    (rotation, stack) => rotation.grantReadAccessToken(roleIn(stack, "Reader")).assertSuccess(),
  );

  // when
  const statements = statementsOf(granted, "Reader");

  // then
  expect(statements.slice(1)).toEqual([
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: KEY_ARN,
      Condition: {
        StringEquals: THROUGH_SECRETS_MANAGER,
        StringLike: { "kms:EncryptionContext:SecretARN": ACCESS_TOKEN_SECRET },
      },
    },
  ]);
});

it("grants both secrets side by side while a workload moves over, and the pair by a name that warns", () => {
  // given
  const granted = constructTemplate(
    () => ({}),
    (rotation, stack) => {
      const workload = roleIn(stack, "Workload");
      rotation.grantReadTokenPairIncludingRefreshToken(workload).assertSuccess();
      rotation.grantReadAccessToken(workload).assertSuccess();
    },
  );

  // when
  const statements = statementsOf(granted, "Workload");

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: { Ref: expect.stringMatching(/^RotationTokenSecret/) },
    },
    {
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: ACCESS_TOKEN_SECRET,
    },
  ]);
});

it.each<[string, (stack: Stack) => IGrantable, unknown]>([
  ["a role", (stack) => Role.fromRoleArn(stack, "Desk", ELSEWHERE), ELSEWHERE],
  ["a principal by its ARN", () => new ArnPrincipal(ELSEWHERE), ELSEWHERE],
  ["a whole account", () => new AccountPrincipal("444455556666"), "arn:aws:iam::444455556666:root"],
])("lets %s of another account read, by the secret's policy and by the key's", (_, readerIn, principal) => {
  // given
  const stack = readIn((stack) => ({ encryptionKey: new Key(stack, "Key") }), readerIn);

  // when
  const template = Template.fromStack(stack);

  // then
  expect(only(template, "AWS::SecretsManager::ResourcePolicy")).toEqual({
    SecretId: ACCESS_TOKEN_SECRET,
    BlockPublicPolicy: true,
    ResourcePolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: principal },
          Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
          Resource: "*",
        },
      ],
    },
  });
  expect(Object(only(template, "AWS::KMS::Key")["KeyPolicy"]).Statement.slice(1)).toEqual([
    {
      Effect: "Allow",
      Principal: { AWS: principal },
      Action: "kms:Decrypt",
      Resource: "*",
      Condition: {
        StringEquals: {
          "kms:ViaService": { "Fn::Join": ["", ["secretsmanager.eu-west-1.", { Ref: "AWS::URLSuffix" }]] },
        },
      },
    },
  ]);
  Annotations.fromStack(stack).hasNoWarning("*", Match.anyValue());
});

it("documents the statements that it writes", () => {
  // given
  const document = readFileSync(join(PROJECT_ROOT, "docs", "reading-the-token.md"), "utf8");
  const role = (stack: Stack) => Role.fromRoleArn(stack, "Desk", ELSEWHERE);
  const template = Template.fromStack(readIn((stack) => ({ encryptionKey: new Key(stack, "Key") }), role));

  // when
  const documented = Array.from(document.matchAll(/^```json\n(\{\n {2}"Effect".*?)^```$/gms), ([, text = ""]) => text);

  // then
  const [onKey, onSecret] = documented.map((text) => JSON.parse(text));
  const { KeyPolicy } = Object(only(template, "AWS::KMS::Key"));
  const viaService = { "Fn::Join": ["", ["secretsmanager.eu-west-1.", { Ref: "AWS::URLSuffix" }]] };
  expect(KeyPolicy.Statement[1]).toEqual({
    ...onKey,
    Condition: { StringEquals: { "kms:ViaService": viaService } },
  });
  expect(onKey.Condition).toEqual({
    StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" },
  });
  const { ResourcePolicy } = Object(only(template, "AWS::SecretsManager::ResourcePolicy"));
  expect(ResourcePolicy.Statement).toEqual([onSecret]);
});

it("collects the readers of other accounts in one policy", () => {
  // given
  const accounts = ["444455556666", "777788889999"];

  // when
  const granted = constructTemplate(
    (stack) => ({ encryptionKey: new Key(stack, "Key") }),
    (rotation) => {
      for (const account of accounts) rotation.grantReadAccessToken(new AccountPrincipal(account));
    },
  );

  // then
  const { Statement } = Object(only(granted, "AWS::SecretsManager::ResourcePolicy")["ResourcePolicy"]);
  expect(JSON.stringify(Statement)).toContain("444455556666");
  expect(JSON.stringify(Statement)).toContain("777788889999");
});

it("needs no policy on the secret for a role of the same account, whose number is known", () => {
  // given
  const stack = readIn(
    () => ({}),
    (stack) => Role.fromRoleArn(stack, "Desk", "arn:aws:iam::111122223333:role/desk"),
  );

  // when
  const template = Template.fromStack(stack);

  // then
  template.resourceCountIs("AWS::SecretsManager::ResourcePolicy", 0);
  template.hasResourceProperties("AWS::IAM::Policy", { Roles: ["desk"] });
});

it("refuses a reader of another account where the account's own key encrypts the secret", () => {
  // given
  const reader = new AccountPrincipal("444455556666");

  // when
  const grant = () =>
    readIn(
      () => ({}),
      () => reader,
    );

  // then
  expect(grant).toThrow(
    "the grantee is in another account, and the key aws/secretsmanager serves no other account: set encryptionKey, " +
      "or set the account in the stack's env where both are the same account",
  );
});

it("warns that it cannot change the policies of an imported secret and of an imported key", () => {
  // given
  const stack = readIn(
    (stack) => ({
      accessTokenSecret: Secret.fromSecretAttributes(stack, "Access", {
        secretCompleteArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:access-AbCdEf",
        encryptionKey: Key.fromKeyArn(stack, "Key", KEY_ARN),
      }),
    }),
    () => new AccountPrincipal("444455556666"),
  );

  // when
  const warnings = Annotations.fromStack(stack).findWarning("/Test/Access", Match.anyValue());

  // then
  expect(warnings.map(({ entry }) => entry.data)).toEqual([
    "the key is imported, so its policy cannot be changed from here; add the statement that docs/reading-the-token.md shows " +
      "under 'From another account' [ack: xt-token-rotation:importedKeyPolicy]",
    "the secret is imported, so its policy cannot be changed from here; add the statement that docs/reading-the-token.md shows " +
      "under 'From another account' [ack: xt-token-rotation:importedSecretPolicy]",
  ]);
});

it("adds to the policy of a secret that the same app made", () => {
  // given
  const stack = readIn(
    (stack) => ({ accessTokenSecret: new Secret(stack, "Access", { encryptionKey: new Key(stack, "Key") }) }),
    () => new AccountPrincipal("444455556666"),
  );

  // when
  const template = Template.fromStack(stack);

  // then
  template.resourceCountIs("AWS::SecretsManager::ResourcePolicy", 1);
  Annotations.fromStack(stack).hasNoWarning("*", Match.anyValue());
});
