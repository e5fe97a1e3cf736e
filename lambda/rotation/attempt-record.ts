import { parseInstant } from "./expiry.ts";
import { isRecord, parseCount, parseJson } from "./json.ts";
import type { StoredValue, VersionId } from "./ports.ts";

/** What a run writes before it spends a refresh token. */
export interface AttemptRecord {
  /** The version whose refresh token the attempt spends; `AUTHORIZATION` where it spends an authorization code. */
  readonly parent: VersionId;
  /** 1 for the first attempt on this parent. */
  readonly attempt: number;
  /** The AWS request id. */
  readonly run: string;
  /**
   * Random, and different for each delivery. Two deliveries of one event share the request id and may share the millisecond. Without
   * the nonce their records would be equal. Secrets Manager takes an equal write for a retry, and both runs would pass.
   */
  readonly nonce: string;
  readonly startedAtMs: number;
  /** After this instant the run is certainly dead. */
  readonly deadlineAtMs: number;
}

/** Stands for the parent of an attempt that has none. No version has this id. */
export const AUTHORIZATION = "authorization";

/** An attempt record and the version that holds it. */
export interface StoredAttempt {
  readonly versionId: VersionId;
  readonly record: AttemptRecord;
}

export function writeAttemptRecord(record: AttemptRecord): string {
  return JSON.stringify({
    schema: 1,
    kind: "attempt",
    parent: record.parent,
    attempt: record.attempt,
    run: record.run,
    nonce: record.nonce,
    started_at: new Date(record.startedAtMs).toISOString(),
    deadline_at: new Date(record.deadlineAtMs).toISOString(),
  });
}

/** The record that takes the place of a dead attempt's pair. Every run writes the same text, so two runs can both write it. */
export function writeVoidRecord({ parent, attempt }: Pick<AttemptRecord, "parent" | "attempt">): string {
  return JSON.stringify({ schema: 1, kind: "void", parent, attempt });
}

/** The attempt in a stored version, or `undefined` where the version holds something else. */
export function readAttemptRecord(stored: StoredValue): StoredAttempt | undefined {
  const document = stored.text === undefined ? undefined : parseJson(stored.text.reveal());
  if (!isRecord(document) || document["kind"] !== "attempt") return undefined;
  const { parent, run, nonce, started_at: startedAt, deadline_at: deadlineAt } = document;
  const attempt = parseCount(document["attempt"]);
  const startedAtMs = parseInstant(startedAt);
  const deadlineAtMs = parseInstant(deadlineAt);
  if (typeof parent !== "string" || typeof run !== "string" || typeof nonce !== "string") return undefined;
  if (attempt === undefined || startedAtMs === undefined || deadlineAtMs === undefined) return undefined;
  return { versionId: stored.versionId, record: { parent, attempt, run, nonce, startedAtMs, deadlineAtMs } };
}

/** Which attempt's pair a void record stands for, or `undefined` where the version holds something else. */
export function readVoidRecord(stored: StoredValue): Pick<AttemptRecord, "parent" | "attempt"> | undefined {
  const document = stored.text === undefined ? undefined : parseJson(stored.text.reveal());
  if (!isRecord(document) || document["kind"] !== "void") return undefined;
  const { parent } = document;
  const attempt = parseCount(document["attempt"]);
  return typeof parent === "string" && attempt !== undefined ? { parent, attempt } : undefined;
}
