/**
 * The machine word for what an AWS call ended with: the service's name for it, or the system's where the service was not
 * reached (`ECONNREFUSED`). The message is left alone: it may repeat the request.
 */
export function awsErrorName(error: unknown): string {
  if (!(error instanceof Error)) return "UnknownError";
  const word = error.name === "Error" && "code" in error ? String(error.code) : error.name;
  return /^\w{1,64}$/.test(word) ? word : "UnknownError";
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
