/** Counts events by the stretch of time in which they come. */
export class Rate {
  readonly #stretchMs: number;
  readonly #counts = new Map<number, number>();

  constructor(stretchMs: number) {
    this.#stretchMs = stretchMs;
  }

  count(nowMs: number): void {
    const stretch = Math.floor(nowMs / this.#stretchMs);
    this.#counts.set(stretch, (this.#counts.get(stretch) ?? 0) + 1);
  }

  /** The most in one stretch that begins then or later. */
  peak(sinceMs = 0): number {
    const later = [...this.#counts].filter(([stretch]) => stretch * this.#stretchMs >= sinceMs);
    return later.reduce((most, [, count]) => Math.max(most, count), 0);
  }
}
