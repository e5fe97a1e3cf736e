import type { CallName } from "./fault.ts";

/** How a run ended: a reason's code for what it returned, the name of what it threw, or that it was killed. */
export type Ending = string;

export interface RunRecord {
  readonly id: string;
  readonly isForced: boolean;
  readonly startedAtMs: number;
  readonly calls: CallName[];
  /** Ids of the attempt records that Secrets Manager told it that it wrote. */
  readonly fences: string[];
  /** Absent while the run is at work. */
  ending?: Ending;
  endedAtMs?: number;
  /** When the run said that the next renewal is due. */
  nextRenewalAtMs?: number;
}

/** One refresh token on the wire. */
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
  /** A store told the process that it holds the pair. */
  isAcknowledged: boolean;
}

/** One change of AWSCURRENT. */
export interface Move {
  readonly from: string | undefined;
  readonly to: string;
  readonly by: "rotation" | "person";
}

/** What has happened so far, as nobody inside the world can see it. */
export interface Chronicle {
  readonly runs: RunRecord[];
  readonly presentations: Presentation[];
  readonly receipts: Receipt[];
  readonly moves: Move[];
  /** One line for each thing that happened, told only where a history fails. */
  readonly lines: (() => string)[];
}

export function createChronicle(): Chronicle {
  return { runs: [], presentations: [], receipts: [], moves: [], lines: [] };
}

/** The timeline that a person reads to understand a history. */
export function timeline({ lines }: Chronicle): string {
  return lines.map((line) => line()).join("\n");
}

/** The time of day with milliseconds, which is what orders a history. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(5, 23).replace("T", " ");
}
