import type { ExchangeOutcome } from "./token-answer.ts";

/** What XT's answers to one connection of this process mean for the others. */
export interface Congestion {
  /** The newest throttled exchange; absent if XT has answered another one since. */
  readonly throttled?: { readonly connection: string; readonly atMs: number } | undefined;
  /** Before this time no exchange begins, in milliseconds since the epoch. */
  readonly untilMs: number;
}

export const NO_CONGESTION: Congestion = { untilMs: 0 };

/** How long XT locks a user or an address that sends too many requests. @see XT.COM API documentation, Frequency Limiting Rules */
const LOCK_MS = 10 * 60_000;

/**
 * Takes one more answer into account. XT counts requests by user and by address. If one connection is throttled, its user may have sent too
 * many requests, and the other connections go on. If the first attempts of two connections in a row are throttled, most likely the address
 * that they share has sent too many: then all connections rest until the lock is over.
 *
 * A process knows only its own requests. Lambda runs one process for each tick of the same moment, and each process must send two requests
 * to notice the lock.
 */
export function afterAnswer(before: Congestion, { connection, kind, attempt, nowMs }: Answered): Congestion {
  // XT itself answered, so the address is not locked.
  if (kind === "granted" || kind === "rejected") return NO_CONGESTION;
  // If an earlier attempt failed as well, the connection has most likely a limit of its own, and says nothing about the others.
  if (kind !== "throttled" || attempt > 1) return before;
  const { throttled, untilMs } = before;
  const isShared = throttled !== undefined && throttled.connection !== connection && nowMs - throttled.atMs < LOCK_MS;
  return { throttled: { connection, atMs: nowMs }, untilMs: isShared ? nowMs + LOCK_MS : untilMs };
}

/** One exchange, as far as it bears on the others. */
interface Answered {
  readonly connection: string;
  readonly kind: ExchangeOutcome["kind"];
  readonly attempt: number;
  readonly nowMs: number;
}
