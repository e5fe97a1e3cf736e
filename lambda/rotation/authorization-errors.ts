import { commandLine } from "../contract.ts";
import { RotationError } from "./errors.ts";

/** XT refused the authorization code. No pair is touched. */
export class AuthorizationRejected extends RotationError {
  override readonly name = "AuthorizationRejected";
  readonly status: number;

  constructor(evidence: { readonly code: string; readonly status: number }) {
    super(
      `XT refused the authorization code with ${evidence.code} (HTTP ${evidence.status}), it is used, expired, or issued to another ` +
        `client or redirect URI: type ${commandLine("authorize")} and open its new link, and if XT refuses that code too, get the ` +
        `client secret at XT and type ${commandLine("seed --credentials-only")} first`,
      evidence.code,
      4,
    );
    this.status = evidence.status;
  }
}

/** Nobody knows whether XT spent the authorization code, or XT granted no refresh token for it. No pair is touched. */
export class AuthorizationFailed extends RotationError {
  override readonly name = "AuthorizationFailed";

  constructor(problem: string, code: string) {
    super(`${problem}, type ${commandLine("authorize")} and open its new link`, code, 4);
  }
}
