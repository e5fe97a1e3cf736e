/**
 * What fails a run. Alarms and people match on `name`; `code` is the machine word of the evidence. Texts are fixed but for
 * names and codes: never a token, a body, a header, a URL or a `cause`, since Lambda prints whatever an error carries.
 */
export abstract class RotationError extends Error {
  abstract override readonly name: string;
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** The environment of the function is wrong; lists every problem. */
export class InvalidConfiguration extends RotationError {
  override readonly name = "InvalidConfiguration";

  constructor(problems: readonly string[]) {
    super(`the configuration is invalid: ${problems.join("; ")}`, "CONFIGURATION");
  }
}

/** The event is not a `RotationEvent`; lists every problem. */
export class InvalidEvent extends RotationError {
  override readonly name = "InvalidEvent";

  constructor(problems: readonly string[]) {
    super(`the event is invalid: ${problems.join("; ")}`, "EVENT");
  }
}

/** Secrets Manager gave no usable answer. Before the exchange nothing is spent; after it the pair is staged already. */
export class StoreUnavailable extends RotationError {
  override readonly name = "StoreUnavailable";
  readonly operation: string;

  constructor(operation: string, secretId: string, code: string) {
    super(`${operation} on ${secretId} failed with ${code}, ${remedy(operation, code)}`, code);
    this.operation = operation;
  }
}

function remedy(operation: string, code: string): string {
  if (operation === "GetParameter") return "a dead attempt's pair may be there: let the role reach SSM";
  switch (code) {
    case "ResourceNotFoundException":
      return "check the secret's name and the Region";
    case "AccessDenied":
    case "AccessDeniedException":
      return `allow secretsmanager:${operation}, and the secret's key, to whoever runs this`;
    case "DecryptionFailure":
    case "EncryptionFailure":
      return "check that the secret's key is enabled and may be used";
    case "InvalidRequestException":
      return "restore the secret if it is scheduled for deletion";
    default:
      return "the next tick tries again";
  }
}

/** The run has too little time left to spend a token and still store the answer. Nothing is spent. */
export class NotEnoughTime extends RotationError {
  override readonly name = "NotEnoughTime";

  constructor(remainingMs: number, neededMs: number) {
    super(`${remainingMs} ms are left and a rotation needs ${neededMs} ms, raise the function's timeout`, "TIME");
  }
}

/**
 * Another run holds the fence, and its record cannot be read. For a moment that is a lagging read; if it lasts, AWSCURRENT was
 * moved back to a pair whose attempts Secrets Manager no longer serves, and a person must seed. Nothing is spent.
 */
export class FenceUnreadable extends RotationError {
  override readonly name = "FenceUnreadable";

  constructor() {
    super(
      "another run holds the fence and its record cannot be read, if this lasts reauthorize with npx xt-token authorize --redirect-uri <URI>",
      "FENCE",
    );
  }
}

/** XT refused, certainly without spending the token. If it keeps refusing, a person must reauthorize. */
export class RotationRejected extends RotationError {
  override readonly name = "RotationRejected";
  readonly status: number;
  readonly attempt: number;

  constructor(evidence: { readonly mc: string; readonly status: number; readonly attempt: number }, advice: string) {
    super(`XT refused the refresh token with ${evidence.mc} (HTTP ${evidence.status}), ${advice}`, evidence.mc);
    this.status = evidence.status;
    this.attempt = evidence.attempt;
  }
}

/** The request never reached XT: DNS, connect or TLS failed. Nothing is spent. */
export class TokenEndpointUnreachable extends RotationError {
  override readonly name = "TokenEndpointUnreachable";
  readonly attempt: number;

  constructor(code: string, attempt: number) {
    super(`the token endpoint was not reached (${code}), nothing is spent and a later tick tries again`, code);
    this.attempt = attempt;
  }
}

/** The request was sent and no usable answer came: the token may be spent. A later tick settles it. */
export class ExchangeOutcomeUnknown extends RotationError {
  override readonly name = "ExchangeOutcomeUnknown";
  readonly attempt: number;

  constructor(code: string, attempt: number) {
    super(`the exchange ended without a usable answer (${code}), a later tick settles it`, code);
    this.attempt = attempt;
  }
}

/** The token secret did not take the pair before the deadline, and the escrow did. A later tick adopts it. */
export class PairEscrowed extends RotationError {
  override readonly name = "PairEscrowed";
  readonly versionId: string;

  constructor(versionId: string, code: string) {
    super(
      `Secrets Manager did not take the pair in time (${code}), it is safe in the escrow and a later tick adopts it`,
      code,
    );
    this.versionId = versionId;
  }
}

/** XT granted a pair and no store took it before the deadline. The one loss that pages at once. */
export class PairNotStored extends RotationError {
  override readonly name = "PairNotStored";

  constructor(code: string) {
    super(`XT granted a pair and no store took it in time (${code}), a person must reauthorize`, code);
  }
}

/**
 * XT's answer broke off before its refresh token. The access token is in use and lives its life; the refresh token that is kept
 * is most likely spent, so that a person has this one life to reauthorize in.
 */
export class RefreshTokenUnreadable extends RotationError {
  override readonly name = "RefreshTokenUnreadable";
  readonly versionId: string;

  constructor(versionId: string) {
    super(
      "XT's answer broke off before its refresh token, reauthorize before the access token in use expires",
      "CUT_OFF",
    );
    this.versionId = versionId;
  }
}

/** The pair is safe, and AWSCURRENT did not move to it. The next tick promotes it. */
export class PromotionRefused extends RotationError {
  override readonly name = "PromotionRefused";

  constructor(versionId: string, code: string) {
    super(
      `AWSCURRENT could not be moved to ${versionId} (${code}), the pair is safe and the next tick tries again`,
      code,
    );
  }
}

/** The state never came to rest within one run. Nothing is spent. */
export class TooManySteps extends RotationError {
  override readonly name = "TooManySteps";

  constructor(steps: number) {
    super(`the state did not come to rest in ${steps} steps, the next tick looks again`, "STEPS");
  }
}

/** Anything that nobody foresaw. It keeps the kind of the error and where it arose, and not its text, which may hold a secret. */
export class UnexpectedFailure extends RotationError {
  override readonly name = "UnexpectedFailure";
  readonly frames: readonly string[];

  constructor(kind: string, frames: readonly string[]) {
    super(`an unforeseen ${kind} ended the run`, kind);
    this.frames = frames;
  }
}
