import type { Severity } from "../../lambda/contract.ts";
import type { Inspection } from "../../lambda/inspection.ts";
import type { CallName } from "./fault.ts";

/** How a run ended: a reason's code for what it returned, the name of what it threw, or that it was killed. */
export type Ending = string;

/** What a run is to do. */
export type Errand =
  | { readonly kind: "tick"; readonly isForced: boolean }
  | { readonly kind: "authorization"; readonly code: string }
  | { readonly kind: "promotion"; readonly versionId: string }
  | { readonly kind: "inspection" };

export const TICK: Errand = { kind: "tick", isForced: false };

export interface RunRecord {
  readonly id: string;
  readonly errand: Errand;
  readonly startedAtMs: number;
  /** The number that XT's tokens have, of the pair in use when it started; 0 where that cannot be published. */
  readonly startedOn: number;
  readonly calls: CallName[];
  /** Those that a service answered. */
  readonly answered: Set<CallName>;
  /** Whether a fault hit one of them. */
  isDisturbed: boolean;
  /** Whether the process stood still for longer than its attempt counts as at work. */
  isSuspended: boolean;
  /** Ids of the attempt records that Secrets Manager told it that it wrote. */
  readonly fences: string[];
  /** Absent while the run is at work. */
  ending?: Ending;
  endedAtMs?: number;
  /** What it said: its reason, or the message of its error. Empty where the process died. */
  says: string;
  /** How bad it found the state; absent where the process died, and for what people ask for. */
  severity?: Severity | undefined;
  inspection?: Inspection;
  /** When the run said that the next renewal is due. */
  nextRenewalAtMs?: number;
}

/** One refresh token or authorization code on the wire. */
export interface Presentation {
  readonly run: RunRecord;
  readonly token: string;
  readonly atMs: number;
  /** The refresh token that XT issued for it, whether or not anybody learnt of it. */
  issued: string | undefined;
  /**
   * What the process learnt: `pending` for ever where it was killed first. `kept`: granted by an answer whose refresh token cannot
   * be read, so that the one presented is kept.
   */
  learnt: "pending" | "granted" | "kept" | "unspent" | "unknown";
}

/** A pair that reached a living process. */
export interface Receipt {
  readonly run: RunRecord;
  readonly token: string;
  /** When a store first told the process that it holds the pair. */
  acknowledgedAtMs?: number;
}

/** One change of AWSCURRENT. */
export interface Move {
  readonly from: string | undefined;
  readonly to: string;
  readonly by: "rotation" | "person";
  readonly atMs: number;
}

/** One change of the access-token secret, and what its AWSCURRENT was on afterwards. */
export interface PublicationChange {
  readonly by: Move["by"];
  readonly to: string;
}

/** What has happened so far, as nobody inside the world can see it. */
export interface Chronicle {
  readonly runs: RunRecord[];
  readonly presentations: Presentation[];
  readonly receipts: Receipt[];
  readonly moves: Move[];
  readonly publications: PublicationChange[];
  /** One line for each thing that happened, told only where a history fails. */
  readonly lines: (() => string)[];
}

export function createChronicle(): Chronicle {
  return { runs: [], presentations: [], receipts: [], moves: [], publications: [], lines: [] };
}

/** The timeline that a person reads to understand a history. */
export function timeline({ lines }: Chronicle): string {
  return lines.map((line) => line()).join("\n");
}

/** The time of day with milliseconds, which is what orders a history. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(5, 23).replace("T", " ");
}
