/** The exception names that the stand-in uses, spelt as on the wire. */
export type RefusalCode =
  | "InvalidParameterException"
  | "InvalidRequestException"
  | "InvalidNextTokenException"
  | "LimitExceededException"
  | "ResourceExistsException"
  | "ResourceNotFoundException"
  | "SerializationException"
  | "UnknownOperationException"
  | "ValidationException";

/** Secrets Manager's "no". Nothing has changed when it is thrown, and its message never repeats a secret value. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
