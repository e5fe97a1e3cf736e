import { describeSecret, UNDESCRIBED } from "./check-secrets.ts";
import { bad, type Check, type Examination, good, type Remark, warning } from "./checks.ts";

/** The keys of both secrets and of the escrow belong together. */
export function encryptionCheck(examination: Examination): Check {
  return {
    title: "encryption",
    async examine() {
      const { tokenSecretId, clientSecretId, escrow } = examination.target.config;
      const described = Promise.all([tokenSecretId, clientSecretId].map((id) => describeSecret(examination, id)));
      const [token, client] = await described.catch(() => []);
      if (token === undefined || client === undefined) return UNDESCRIBED;
      return judgeKeys({ token: token.keyId, client: client.keyId, escrow: escrow && { keyId: escrow.keyId } });
    },
  };
}

export interface Keys {
  /** KMS key of the token secret; absent for `aws/secretsmanager`. */
  readonly token: string | undefined;
  readonly client: string | undefined;
  /** The escrow's, absent for `aws/ssm`; absent altogether where nobody said where the escrow is. */
  readonly escrow: { readonly keyId: string | undefined } | undefined;
}

/** A pair must be no worse kept in the escrow than in its secret. Pure. */
export function judgeKeys({ token, client, escrow }: Keys): Remark {
  const tokenKey = ownKey(token);
  const clientKey = ownKey(client);
  const escrowKey = ownKey(escrow?.keyId);
  if (tokenKey !== undefined && escrow !== undefined && escrowKey === undefined) {
    const next = "deploy with the secrets' key as encryptionKeyArn, or set ESCROW_KEY_ID";
    return bad(`the token secret has key ${tokenKey}, and the escrow the account's aws/ssm key`, next);
  }
  if (escrow !== undefined && escrowKey !== tokenKey) {
    return warning(`the escrow has key ${escrowKey}, and the token secret ${tokenKey ?? "aws/secretsmanager"}`);
  }
  if (tokenKey !== clientKey) {
    const names = `${tokenKey ?? "aws/secretsmanager"} and ${clientKey ?? "aws/secretsmanager"}`;
    return warning(`the two secrets have different keys, ${names}, see that this is meant`);
  }
  return good(
    tokenKey === undefined
      ? "both secrets have the account's key aws/secretsmanager, and the escrow aws/ssm"
      : `both secrets and the escrow have key ${tokenKey}`,
  );
}

/** The last part of an id, ARN or alias, by which two spellings of one key agree; `undefined` for a key of AWS's own. */
function ownKey(keyId: string | undefined): string | undefined {
  if (keyId === undefined || /(^|:)alias\/aws\//.test(keyId)) return undefined;
  return keyId
    .split(":")
    .at(-1)
    ?.replace(/^key\//, "");
}
