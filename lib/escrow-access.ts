import { ArnFormat, type Stack } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";

/** Where the escrow's SSM parameters are, and what encrypts them. */
export interface EscrowPlace {
  /** Beginning of the parameters' names, with its first and its closing slash. */
  readonly prefix: string;
  /** @default - the account's `aws/ssm` key */
  readonly encryptionKey?: IKey | undefined;
}

/**
 * Lets the rotation write, read, list and delete parameters below one prefix, and nothing else in the Parameter Store. The names end in
 * the id of the version that a pair is meant for, which nobody knows before the pair exists: hence the one wildcard.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
export function grantEscrowAccess(grantee: IGrantable, { prefix, encryptionKey }: EscrowPlace, stack: Stack): Grant {
  const arnOf = (name: string) =>
    stack.formatArn({ service: "ssm", resource: `parameter${name}`, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const parameters = arnOf(`${prefix}*`);
  const onParameters = Grant.addToPrincipal({
    grantee,
    actions: ["ssm:PutParameter", "ssm:GetParameter", "ssm:DeleteParameter"],
    resourceArns: [parameters],
  });
  const onPath = Grant.addToPrincipal({
    grantee,
    // Asked for a path, IAM looks at the path itself, without its closing slash.
    actions: ["ssm:GetParametersByPath"],
    resourceArns: [arnOf(prefix.replace(/\/$/, "")), parameters],
  });
  const onStore = onParameters.combine(onPath);
  if (encryptionKey === undefined) return onStore;
  const onKey = Grant.addToPrincipal({
    grantee,
    // Standard parameters are encrypted directly, advanced ones under a data key.
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
    resourceArns: [encryptionKey.keyArn],
    conditions: {
      StringEquals: { "kms:ViaService": `ssm.${stack.region}.${stack.urlSuffix}` },
      StringLike: { "kms:EncryptionContext:PARAMETER_ARN": parameters },
    },
  });
  return onStore.combine(onKey);
}
