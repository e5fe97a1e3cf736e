import { commandLine, type Severity } from "../contract.ts";

/**
 * What fails a run. Alarms and people match on `name`. `code` is a machine word for the evidence. Texts are fixed except for
 * names and codes. They never hold a token, a body, a header, a URL or a `cause`, because Lambda prints everything in an error.
 */
export abstract class RotationError extends Error {
  abstract override readonly name: string;
  readonly code: string;
  readonly severity: Severity;

  /** @param severity 3 if a later tick repairs it, 4 if a person is needed */
  constructor(message: string, code: string, severity: Severity = 3) {
    super(message);
    this.code = code;
    this.severity = severity;
  }
}

/** The environment of the function is wrong; lists every problem. */
export class InvalidConfiguration extends RotationError {
  override readonly name = "InvalidConfiguration";

  constructor(problems: readonly string[]) {
    super(`the configuration is invalid: ${problems.join("; ")}`, "CONFIGURATION", 4);
  }
}

/** The event is not a `RotationEvent`; lists every problem. */
export class InvalidEvent extends RotationError {
  override readonly name = "InvalidEvent";

  constructor(problems: readonly string[]) {
    super(`the event is invalid: ${problems.join("; ")}`, "EVENT");
  }
}

/** The run has too little time left to spend a token and still store the answer. Nothing is spent. */
export class NotEnoughTime extends RotationError {
  override readonly name = "NotEnoughTime";

  constructor(remainingMs: number, neededMs: number) {
    super(
      `${remainingMs} ms are left and a rotation needs ${neededMs} ms, nothing is spent and the next tick tries again`,
      "TIME",
    );
  }
}

/**
 * Another run holds the fence, and its record cannot be read. At first a lagging read is the likely cause. If it lasts, somebody moved
 * AWSCURRENT back to a pair whose attempt records Secrets Manager has deleted, and a person must authorize. Nothing is spent.
 */
export class FenceUnreadable extends RotationError {
  override readonly name = "FenceUnreadable";

  constructor() {
    super(
      `another run wrote this attempt first and its record cannot be read, nothing is spent, if later ticks say the same, type ${commandLine("authorize")}`,
      "FENCE",
    );
  }
}

/** XT refused and did not spend the token. If it refuses again and again, a person must authorize. */
export class RotationRejected extends RotationError {
  override readonly name = "RotationRejected";
  readonly status: number;
  readonly attempt: number;

  /** @param verdict on the state that the refusal leaves, with its sentence in `message` */
  constructor(
    evidence: { readonly code: string; readonly status: number; readonly attempt: number },
    verdict: { readonly severity: Severity; readonly message: string },
  ) {
    super(
      `XT answered ${evidence.code} (HTTP ${evidence.status}): ${verdict.message}`,
      evidence.code,
      verdict.severity,
    );
    this.status = evidence.status;
    this.attempt = evidence.attempt;
  }
}

/**
 * Something that stands before XT refused the request: a firewall, a proxy, a region block. XT never saw the refresh token. Nothing is
 * spent, and no new authorization is needed.
 */
export class RequestTurnedAway extends RotationError {
  override readonly name = "RequestTurnedAway";
  readonly status: number;
  readonly attempt: number;

  constructor(status: number, attempt: number) {
    super(
      `something before XT refused the request with HTTP ${status}, nothing is spent and a later tick tries again, check the network: ` +
        "firewall, proxy, and whether XT serves the Region of this function",
      `HTTP_${status}`,
    );
    this.status = status;
    this.attempt = attempt;
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
    super(
      `the exchange ended without a usable answer (${code}), the token may be spent, a later tick looks for the pair`,
      code,
    );
    this.attempt = attempt;
  }
}

/**
 * XT's answer ended before its refresh token. The new access token is in use. The stored refresh token is most likely spent, so a
 * person must authorize before the access token expires.
 */
export class RefreshTokenUnreadable extends RotationError {
  override readonly name = "RefreshTokenUnreadable";
  readonly versionId: string;

  constructor(versionId: string) {
    super(
      `XT's answer ended before its refresh token, type ${commandLine("authorize")} before the access token in use expires`,
      "CUT_OFF",
      4,
    );
    this.versionId = versionId;
  }
}

/** The state changed again after every step of one run. Nothing is spent. */
export class TooManySteps extends RotationError {
  override readonly name = "TooManySteps";

  constructor(steps: number) {
    super(`the state changed again after each of ${steps} steps, the next tick looks again`, "STEPS");
  }
}

/** The version named is not a kept pair. Nothing has changed. */
export class NotPromotable extends RotationError {
  override readonly name = "NotPromotable";

  constructor(versionId: string, problem: string) {
    super(`version ${versionId} cannot be put in use: ${problem}, type ${commandLine("recover")}`, "VERSION");
  }
}

/** An error that nobody expected. It keeps the error's class and the places it passed. The text is dropped: it may hold a secret. */
export class UnexpectedFailure extends RotationError {
  override readonly name = "UnexpectedFailure";
  readonly frames: readonly string[];

  constructor(kind: string, frames: readonly string[]) {
    super(`an unexpected ${kind} ended the run`, kind);
    this.frames = frames;
  }
}

/** Keeps only an unexpected error's class and stack frames. Its text and its fields may hold a secret. */
export function conceal(error: unknown): UnexpectedFailure {
  if (!(error instanceof Error)) return new UnexpectedFailure(typeof error, []);
  const trace = (error.stack ?? "").replace(error.message, "");
  const frames = trace
    .split("\n")
    .filter((line) => /^\s+at (?:(?:async |new )?[\w.<>$#]+ )?\(?[\w:/.@ -]+:\d+:\d+\)?$/.test(line));
  return new UnexpectedFailure(error.constructor.name, frames.slice(0, 5));
}
