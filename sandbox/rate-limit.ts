/** Admits at most this many acts in any period of this length. It has no clock: callers give the time, which must not go back. */
export class RateLimit {
  readonly #perMs: number;
  /** The times of the last acts, in a ring buffer: the next act overwrites the oldest. */
  readonly #times: number[];
  #next = 0;

  constructor(acts: number, perMs: number) {
    this.#perMs = perMs;
    this.#times = new Array<number>(acts).fill(Number.NEGATIVE_INFINITY);
  }

  /** Says whether one more is within the limit, and counts it if so. */
  admits(nowMs: number): boolean {
    const oldestMs = this.#times[this.#next] ?? nowMs;
    if (nowMs - oldestMs < this.#perMs) return false;
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#times.length;
    return true;
  }
}
