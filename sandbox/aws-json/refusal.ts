/** The exception names that the stand-ins use, spelt as on the wire. */
export type RefusalCode =
  | "AccessDeniedException"
  | "ConflictException"
  | "HierarchyLevelLimitExceededException"
  | "HierarchyTypeMismatchException"
  | "InvalidNextToken"
  | "InvalidNextTokenException"
  | "InvalidParameterException"
  | "InvalidRequestException"
  | "LimitExceededException"
  | "ParameterAlreadyExists"
  | "ParameterNotFound"
  | "ResourceExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "ThrottlingException"
  | "UnknownOperationException"
  | "ValidationException";

/** A service's "no". Nothing has changed when it is thrown, and its message never repeats a secret value. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  /** @param message left out where AWS says nothing but the code, as for `ParameterNotFound` */
  constructor(code: RefusalCode, message?: string) {
    super(message);
    this.code = code;
  }
}

/** The refusal of what breaks a rule that has no exception of its own. */
export function invalidRequest(message: string): Refusal {
  return new Refusal("ValidationException", message);
}
