import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { PromotionRefused, StoreUnavailable } from "../../lambda/rotation/errors.ts";
import { CommandFailure } from "./command-failure.ts";

/** Operations of Secrets Manager that seeding needs; they are also the names of the IAM actions. */
export type Operation = "DescribeSecret" | "GetSecretValue" | "PutSecretValue" | "UpdateSecretVersionStage";

/**
 * Does one thing with one secret, and says in a sentence what went wrong: the operation, the secret, the error's name and what to
 * do. The error's own text is left out, since it may repeat the request.
 *
 * @param operation what `act` asks for where its error does not say so itself
 * @throws CommandFailure
 */
export async function onSecret<T>(operation: Operation, secretId: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const failed = error instanceof StoreUnavailable ? error.operation : operation;
    const code =
      error instanceof StoreUnavailable || error instanceof PromotionRefused ? error.code : awsErrorName(error);
    throw new CommandFailure(`${failed} on ${secretId} failed with ${code}, ${remedy(failed, secretId, code)}`);
  }
}

/** Names under which AWS's services and its SDK tell that a request is signed by nobody they know. */
const ABOUT_CREDENTIALS: ReadonlySet<string> = new Set([
  "ExpiredTokenException",
  "ExpiredToken",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "CredentialsProviderError",
  "TokenProviderError",
]);

export const CREDENTIALS_REMEDY =
  "the AWS credentials are expired or wrong, sign in again (aws sso login) or choose another AWS_PROFILE";

export function isAboutCredentials(code: string): boolean {
  return ABOUT_CREDENTIALS.has(code);
}

function remedy(operation: string, secretId: string, code: string): string {
  if (isAboutCredentials(code)) return CREDENTIALS_REMEDY;
  switch (code) {
    case "ResourceNotFoundException":
      return "deploy the stack first, or check the name, the account and --region";
    case "AccessDeniedException":
    case "AccessDenied":
      return `allow secretsmanager:${operation} on this secret, and kms:Decrypt and kms:GenerateDataKey where it has a key of its own`;
    case "EncryptionFailure":
    case "DecryptionFailure":
      return "its key cannot be used, check that it is enabled and allow kms:Decrypt and kms:GenerateDataKey on it";
    case "InvalidRequestException":
      return `if it is scheduled for deletion, run aws secretsmanager restore-secret --secret-id ${secretId}`;
    case "ThrottlingException":
      return "AWS asks for fewer requests, wait a minute, then type the same command again";
    case "LimitExceededException":
      return "it has too many versions or labels, wait a day or remove labels that nobody uses";
    default:
      return "check the network and the region, then type the same command again";
  }
}
