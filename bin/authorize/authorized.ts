import type { XtEndpoint } from "../../lambda/adapters/xt-endpoint.ts";
import type { Escrow, VersionId } from "../../lambda/rotation/ports.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import type { Secrets } from "../connection/look.ts";
import type { CodeOutcome } from "./authorize-exchange.ts";
import type { Kept, Patience } from "./authorize-keep.ts";

/** Everything that one authorization reaches. */
export interface Authorizing extends Omit<Patience, "clock"> {
  readonly secrets: Secrets;
  readonly escrow: Escrow;
  readonly endpoint: XtEndpoint;
  readonly exchangeTimeoutMs: number;
  /** Told what is odd and changes nothing. */
  readonly warn: (sentence: string) => void;
}

export type Authorized =
  | {
      readonly kind: "in-use";
      readonly versionId: VersionId;
      readonly pair: TokenPair;
      readonly replaced: VersionId | undefined;
    }
  /** The pair is in the token secret, and AWSCURRENT could not be moved to it. */
  | {
      readonly kind: "staged";
      readonly versionId: VersionId;
      readonly code: string;
      readonly isPromotedByTick: boolean;
    }
  /** The pair is in the token secret, and somebody else moved AWSCURRENT. */
  | { readonly kind: "superseded"; readonly versionId: VersionId; readonly by: VersionId | undefined }
  /** The pair is in the escrow alone. */
  | {
      readonly kind: "escrowed";
      readonly versionId: VersionId;
      /** From when on a tick looks for it, in milliseconds since the epoch; `undefined`: a person has to bring it home. */
      readonly adoptedFromMs: number | undefined;
      readonly code: string;
    }
  /** The pair is nowhere. */
  | Extract<Kept, { kind: "not-kept" }>
  /** Somebody began to spend a token meanwhile. The code was not presented. */
  | { readonly kind: "peer-at-work"; readonly untilMs: number }
  /** The code bought nothing. */
  | { readonly kind: "ungranted"; readonly outcome: Exclude<CodeOutcome, { kind: "granted" }> };
