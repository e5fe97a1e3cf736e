import { Stack, Token } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";

/** Exactly what may be done with one secret. */
export interface SecretAccess {
  /** Actions of Secrets Manager on the secret, without their prefix. */
  readonly secret: readonly (
    | "DescribeSecret"
    | "GetSecretValue"
    | "ListSecretVersionIds"
    | "PutSecretValue"
    | "UpdateSecretVersionStage"
  )[];
  /** Actions of KMS on the secret's key, without their prefix: `Decrypt` to read, both to write. */
  readonly key: readonly ("Decrypt" | "GenerateDataKey")[];
}

/**
 * Grants exactly the actions named, on one secret and on its key. The library's own `grantWrite` also gives `UpdateSecret`.
 *
 * The key can be used only through Secrets Manager and only for this secret's values. Without a key of its own the secret is
 * encrypted with the account's `aws/secretsmanager` key, which needs no statement.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function grantSecretAccess(secret: ISecret, grantee: IGrantable, access: SecretAccess): Grant {
  const secretArn = arnPattern(secret);
  const onSecret = Grant.addToPrincipal({
    grantee,
    actions: access.secret.map((action) => `secretsmanager:${action}`),
    resourceArns: [secretArn],
  });
  if (secret.encryptionKey === undefined) return onSecret;
  const onKey = Grant.addToPrincipal({
    grantee,
    actions: access.key.map((action) => `kms:${action}`),
    resourceArns: [secret.encryptionKey.keyArn],
    conditions: { ...viaSecretsManager(secret), StringLike: { "kms:EncryptionContext:SecretARN": secretArn } },
  });
  return onSecret.combine(onKey);
}

/** The condition that lets a key be used through Secrets Manager alone. */
export function viaSecretsManager(secret: ISecret) {
  return { StringEquals: { "kms:ViaService": `secretsmanager.${regionOf(secret)}.${Stack.of(secret).urlSuffix}` } };
}

/** The Region of a secret. An imported secret may be in another Region. For a secret of this stack, the stack's own Region is shorter. */
export function regionOf(secret: ISecret): string {
  return Token.isUnresolved(secret.env.region) ? Stack.of(secret).region : secret.env.region;
}

/** A secret imported by name or by partial ARN lacks the six random characters that end every real ARN. */
function arnPattern(secret: ISecret): string {
  return secret.secretFullArn ?? `${secret.secretArn}-??????`;
}
