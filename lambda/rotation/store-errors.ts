import { commandLine, DEFAULT_CONNECTION } from "../contract.ts";
import { RotationError } from "./errors.ts";

/** A store gave no usable answer. Before the exchange nothing is spent. After it the pair is already staged. */
export class StoreUnavailable extends RotationError {
  override readonly name = "StoreUnavailable";
  readonly operation: string;

  /** @param service prefix of the operation in IAM */
  constructor(service: "secretsmanager" | "ssm" | "scheduler", operation: string, resource: string, code: string) {
    const remedy = remedyFor(service, operation, code);
    super(
      `${operation} on ${resource} failed with ${code}, ${remedy ?? whoTriesAgain(operation)}`,
      code,
      // KMS can have an outage, which ends by itself.
      remedy === undefined || PASSING.includes(code) ? 3 : 4,
    );
    this.operation = operation;
  }
}

/** Whether the token secret of a further connection does not exist: nobody has authorized the connection yet. */
export function isMissing(error: unknown, connection: string): boolean {
  return isAbout(error, connection, "ResourceNotFoundException");
}

/** Whether the token secret of a further connection is scheduled for deletion: a person has disconnected the connection. */
export function isDeleted(error: unknown, connection: string): boolean {
  return isAbout(error, connection, "InvalidRequestException");
}

function isAbout(error: unknown, connection: string, code: string): boolean {
  return error instanceof StoreUnavailable && error.code === code && connection !== DEFAULT_CONNECTION;
}

const PASSING = ["DecryptionFailure", "EncryptionFailure"];

/** What a person must do; `undefined` if it may pass by itself. */
function remedyFor(service: string, operation: string, code: string): string | undefined {
  switch (code) {
    case "ResourceNotFoundException":
      return "it does not exist in this Region, check the name and the Region";
    case "AccessDenied":
    case "AccessDeniedException":
      return `allow the function's role ${service}:${operation}, and ${alsoNeeded(service)}`;
    case "DecryptionFailure":
    case "EncryptionFailure":
    case "InvalidKeyId":
      return "check that the key is enabled and that the function's role may use it";
    case "InvalidRequestException":
      return "if the secret is scheduled for deletion, restore it";
    default:
      return undefined;
  }
}

/** No tick makes secrets: a code does, and the census. */
function whoTriesAgain(operation: string): string {
  const isMaking = operation === "CreateSecret" || operation === "RestoreSecret";
  return isMaking ? "nothing is spent, try again" : "the next tick tries again";
}

function alsoNeeded(service: string): string {
  return service === "scheduler" ? "iam:PassRole on the role of the schedules" : "the use of the key";
}

/** The token secret did not take the pair before the deadline, but the escrow did. */
export class PairEscrowed extends RotationError {
  override readonly name = "PairEscrowed";
  readonly versionId: string;

  /** @param adopter who brings it home; ticks look for the pairs of renewals alone, since they cannot compute another's id */
  constructor(versionId: string, code: string, adopter: "tick" | "person" = "tick") {
    const ending =
      adopter === "tick"
        ? " and a later tick puts it in use"
        : `, once Secrets Manager works again type ${commandLine(`recover --promote ${versionId}`)}`;
    super(
      `Secrets Manager did not take the pair in time (${code}), it is safe in the escrow${ending}`,
      code,
      adopter === "tick" ? 3 : 4,
    );
    this.versionId = versionId;
  }
}

/** `code` of `PairNotStored` where the version holds another value, such as a void record. */
export const ID_TAKEN = "ID_TAKEN";

/** XT granted a pair, and no store took it before the deadline. */
export class PairNotStored extends RotationError {
  override readonly name = "PairNotStored";

  constructor(code: string) {
    super(
      `XT granted a pair and no store took it in time (${code}), the pair is most likely lost, type ${commandLine("authorize")}`,
      code,
      4,
    );
  }
}

/** The pair is safe, but AWSCURRENT did not move to it. The next tick promotes it. */
export class PromotionRefused extends RotationError {
  override readonly name = "PromotionRefused";

  constructor(versionId: string, code: string) {
    const isDenied = /^AccessDenied(Exception)?$/.test(code);
    const remedy = isDenied ? ", allow the function's role secretsmanager:UpdateSecretVersionStage" : "";
    super(
      `AWSCURRENT could not be moved to ${versionId} (${code}), the pair is safe and the next tick tries again${remedy}`,
      code,
      isDenied ? 4 : 3,
    );
  }
}
