import { Annotations, Stack, Token, TokenComparison } from "aws-cdk-lib";
import {
  type AddToResourcePolicyResult,
  Grant,
  type IGrantable,
  type IResourceWithPolicyV2,
  PolicyStatement,
} from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { grantSecretAccess, type SecretAccess, viaSecretsManager } from "./secret-access.ts";
import { UnseededSecret } from "./unseeded-secret.ts";

/** AWS's caching libraries find the current version with DescribeSecret and read it by its id, so no condition names a label. */
const READ = ["DescribeSecret", "GetSecretValue"] as const;
const READING: SecretAccess = { secret: READ, key: ["Decrypt"] };

/**
 * Lets a grantee read one secret and use its key for that. In another account the secret's policy and the key's policy must allow it
 * too; the grantee's account allows it on its own side.
 * @throws Error where the grantee is in another account and the secret has no key of its own
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function grantReading(secret: ISecret, grantee: IGrantable): Grant {
  const onPrincipal = grantSecretAccess(secret, grantee, READING);
  if (isInSameAccount(secret, grantee)) return onPrincipal;
  if (secret.encryptionKey === undefined) throw new Error(NEEDS_KEY);
  letUseKey(secret.encryptionKey, secret, grantee);
  const actions = READ.map((action) => `secretsmanager:${action}`);
  const onSecret = Grant.addStatementToResourcePolicy({
    grantee,
    actions,
    resourceArns: [secret.secretArn],
    resource: policyOf(secret),
    statement: new PolicyStatement({ actions, principals: [grantee.grantPrincipal], resources: ["*"] }),
  });
  return onPrincipal.combine(onSecret);
}

/**
 * Lets a grantee of this account read a secret that the function makes. Another account would need a resource policy on the secret. The
 * secret is in no template, so no template can give it one.
 * @throws Error if the grantee is in another account
 */
export function grantReadingInAccount(secret: ISecret, grantee: IGrantable): Grant {
  if (isInSameAccount(secret, grantee)) return grantSecretAccess(secret, grantee, READING);
  throw new Error(NEEDS_POLICY);
}

const NEEDS_POLICY =
  "the grantee is in another account, and the secrets of further connections have no resource policy that lets it in: " +
  "grant a role of this account that the grantee assumes, or set the account in the stack's env where both are the same account";

const NEEDS_KEY =
  "the grantee is in another account, and the key aws/secretsmanager serves no other account: set encryptionKey, " +
  "or set the account in the stack's env where both are the same account";

/** An account that is not known before the deployment may be another one. */
function isInSameAccount(secret: ISecret, { grantPrincipal: { principalAccount } }: IGrantable): boolean {
  if (principalAccount === undefined) return false;
  const comparison = Token.compareStrings(Stack.of(secret).account, principalAccount);
  return comparison === TokenComparison.SAME || comparison === TokenComparison.BOTH_UNRESOLVED;
}

function policyOf(secret: ISecret): IResourceWithPolicyV2 {
  const { scope } = secret.node;
  const owner = scope instanceof UnseededSecret ? scope : secret;
  return {
    env: secret.env,
    addToResourcePolicy: (statement) => warnUnlessAdded(owner.addToResourcePolicy(statement), secret, "Secret"),
  };
}

/** Not for this secret's values alone: its ARN in the policy of the key that it needs would be a circle in the template. */
function letUseKey(key: IKey, secret: ISecret, grantee: IGrantable): void {
  const statement = new PolicyStatement({
    actions: ["kms:Decrypt"],
    principals: [grantee.grantPrincipal],
    resources: ["*"],
    conditions: viaSecretsManager(secret),
  });
  warnUnlessAdded(key.addToResourcePolicy(statement), secret, "Key");
}

/** The policy of what was imported is not in any template of ours. */
function warnUnlessAdded(result: AddToResourcePolicyResult, secret: ISecret, what: "Secret" | "Key") {
  if (!result.statementAdded)
    Annotations.of(secret).addWarningV2(
      `xt-token-rotation:imported${what}Policy`,
      `the ${what.toLowerCase()} is imported, so its policy cannot be changed from here; ` +
        "add the statement that docs/reading-the-token.md shows under 'From another account'",
    );
  return result;
}
