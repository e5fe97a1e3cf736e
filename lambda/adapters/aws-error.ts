/** The name of an error that an AWS call ended with. The message is left alone: it may repeat the request. */
export function awsErrorName(error: unknown): string {
  return error instanceof Error && /^\w{1,64}$/.test(error.name) ? error.name : "UnknownError";
}

/** Client faults that pass: being throttled, a clock or a session that the SDK mends, and KMS's own outages. */
const PASSING_FAULTS: ReadonlySet<string> = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "RequestTimeout",
  "RequestTimeTooSkewed",
  "RequestExpired",
  "InvalidSignatureException",
  "EncryptionFailure",
  "DecryptionFailure",
]);

/** Whether the service understood the request and refused it, so that sending it again changes nothing. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && "$fault" in error && error.$fault === "client" && !PASSING_FAULTS.has(error.name);
}
