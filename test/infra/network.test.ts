import { Stack } from "aws-cdk-lib";
import { SecurityGroup, SubnetType, Vpc } from "aws-cdk-lib/aws-ec2";
import { expect, it } from "vitest";
import { XtTokenRotation } from "../../lib/xt-token-rotation.ts";
import { appWithoutBundling, constructTemplate, only, stackTemplate, statementsOf } from "./synthesis.ts";

it("connects the function to no network unless it is given one", () => {
  // given
  const template = stackTemplate();

  // when
  const { VpcConfig: network } = only(template, "AWS::Lambda::Function");

  // then
  expect(network).toBeUndefined();
  expect(JSON.stringify(statementsOf(template, "RotationFunctionRole"))).not.toContain("ec2:");
});

it("connects the function to the private subnets that lead to the internet, behind a security group of its own", () => {
  // given
  const template = constructTemplate((stack) => ({
    vpc: new Vpc(stack, "Vpc", { maxAzs: 1, restrictDefaultSecurityGroup: false }),
  }));

  // when
  const { VpcConfig: network } = only(template, "AWS::Lambda::Function");

  // then
  expect(network).toEqual({
    SubnetIds: [{ Ref: expect.stringMatching(/^VpcPrivateSubnet1/) }],
    SecurityGroupIds: [{ "Fn::GetAtt": [expect.stringMatching(/^RotationFunctionSecurityGroup/), "GroupId"] }],
  });
});

it("takes the subnets and the security groups that it is given", () => {
  // given
  const template = constructTemplate((stack) => {
    const vpc = new Vpc(stack, "Vpc", {
      maxAzs: 1,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: "Desk", subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    return {
      vpc,
      vpcSubnets: { subnetGroupName: "Desk" },
      securityGroups: [SecurityGroup.fromSecurityGroupId(stack, "Out", "sg-0123456789abcdef0")],
    };
  });

  // when
  const { VpcConfig: network } = only(template, "AWS::Lambda::Function");

  // then
  expect(network).toEqual({
    SubnetIds: [{ Ref: expect.stringMatching(/^VpcDeskSubnet1/) }],
    SecurityGroupIds: ["sg-0123456789abcdef0"],
  });
});

it("lets the function's role handle network interfaces, which Lambda does in its name", () => {
  // given
  const template = constructTemplate((stack) => ({
    vpc: new Vpc(stack, "Vpc", { maxAzs: 1, restrictDefaultSecurityGroup: false }),
  }));

  // when
  const statements = statementsOf(template, "RotationFunctionRole").filter((statement) =>
    JSON.stringify(statement).includes("ec2:"),
  );

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
        // What takes no resource is one statement.
        "scheduler:ListSchedules",
        "secretsmanager:ListSecrets",
      ],
      Resource: "*",
    },
  ]);
});

it("creates the function only once its role may handle network interfaces", () => {
  // given
  const template = constructTemplate((stack) => ({
    vpc: new Vpc(stack, "Vpc", { maxAzs: 1, restrictDefaultSecurityGroup: false }),
  }));

  // when
  const [fn] = Object.values(template.findResources("AWS::Lambda::Function"));

  // then
  expect(fn?.["DependsOn"]).toEqual(
    expect.arrayContaining([expect.stringMatching(/^RotationFunctionRoleDefaultPolicy/)]),
  );
});

it("refuses subnets and security groups without their VPC", () => {
  const stack = new Stack(appWithoutBundling(), "Test");

  expect(() => new XtTokenRotation(stack, "Rotation", { securityGroups: [] })).toThrow(
    "vpc: found none beside vpcSubnets or securityGroups, expected the VPC that they are in",
  );
});
