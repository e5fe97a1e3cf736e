/** The exception names that the stand-in uses, spelt as on the wire. */
export type RefusalCode =
  | "AccessDeniedException"
  | "HierarchyLevelLimitExceededException"
  | "HierarchyTypeMismatchException"
  | "InvalidNextToken"
  | "ParameterAlreadyExists"
  | "ParameterNotFound"
  | "SerializationException"
  | "ValidationException";

/** Parameter Store's "no". Nothing has changed when it is thrown, and its message never repeats a value. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  /** @param message left out where AWS says nothing but the code, as for `ParameterNotFound` */
  constructor(code: RefusalCode, message?: string) {
    super(message);
    this.code = code;
  }
}

/** The refusal of whatever breaks a rule that has no exception of its own. */
export function invalidRequest(message: string): Refusal {
  return new Refusal("ValidationException", message);
}
