import type { History } from "./play.ts";
import type { Standing } from "./standing.ts";

/** Counts histories by how they stood in the end. */
export class Tally {
  readonly #standings = new Map<Standing, number>();

  add({ standing }: History): void {
    this.#standings.set(standing, this.count(standing) + 1);
  }

  count(standing: Standing): number {
    return this.#standings.get(standing) ?? 0;
  }

  get histories(): number {
    return [...this.#standings.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    const standings = [...this.#standings].map(([standing, count]) => `${count} ${standing}`).join(", ");
    return `${this.histories} histories: ${standings}`;
  }
}
