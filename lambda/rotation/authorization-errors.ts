import { commandLine } from "../contract.ts";
import { RotationError } from "./errors.ts";

/** XT refused the authorization code. No pair is touched. */
export class AuthorizationRejected extends RotationError {
  override readonly name = "AuthorizationRejected";
  readonly status: number;

  constructor(evidence: { readonly code: string; readonly status: number }) {
    super(
      `XT refused the authorization code with ${evidence.code} (HTTP ${evidence.status}), it is used, expired, or issued to another ` +
        `client or redirect URI: open a new link with ${commandLine("authorize")}, and if that is refused too, check the client ` +
        `credentials and type ${commandLine("seed --credentials-only")} first`,
      evidence.code,
      4,
    );
    this.status = evidence.status;
  }
}

/** What became of an authorization code is not known, or it bought no refresh token. No pair is touched. */
export class AuthorizationFailed extends RotationError {
  override readonly name = "AuthorizationFailed";

  constructor(problem: string, code: string) {
    super(`${problem}, open a new link with ${commandLine("authorize")}`, code, 4);
  }
}
