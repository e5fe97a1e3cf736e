import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";

/**
 * Lets Lambda connect a function to a VPC with network interfaces, for which it uses the function's own role. The wildcard is needed:
 * the interfaces have no names before they exist, and EC2 takes no resource for describing them.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function grantNetworkInterfaces(grantee: IGrantable): Grant {
  return Grant.addToPrincipal({
    grantee,
    actions: [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resourceArns: ["*"],
  });
}
