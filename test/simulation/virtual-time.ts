/** Chooses which of several actors goes first where their next events are due at the same instant. */
export type Choose = (actors: readonly string[]) => number;

interface Event {
  readonly dueMs: number;
  readonly actor: string;
  readonly act: () => void;
}

/** In the order in which they asked. */
export const inOrder: Choose = () => 0;

/**
 * Time that passes only from event to event. Between two events every promise that can be kept is kept, so a history
 * depends on nothing but its events and on what `choose` says where two are due at once.
 */
export class VirtualTime {
  /** Milliseconds since the epoch. */
  nowMs: number;
  /** Sorted by `dueMs`; events of one instant in the order in which they were asked for. */
  readonly #events: Event[] = [];

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** @returns takes the event back */
  after(delayMs: number, actor: string, act: () => void): () => void {
    const event = { dueMs: this.nowMs + delayMs, actor, act };
    const place = this.#events.findLastIndex(({ dueMs }) => dueMs <= event.dueMs);
    this.#events.splice(place + 1, 0, event);
    return () => {
      const index = this.#events.indexOf(event);
      if (index >= 0) this.#events.splice(index, 1);
    };
  }

  /** Lets one event happen and waits for all that follows from it at once. Says whether there was one. */
  async step(choose: Choose): Promise<boolean> {
    const dueMs = this.#events[0]?.dueMs;
    if (dueMs === undefined) return false;
    const due = this.#events.filter((event) => event.dueMs === dueMs);
    const actors = [...new Set(due.map(({ actor }) => actor))];
    const actor = actors.length === 1 ? actors[0] : actors[choose(actors)];
    const event = due.find((candidate) => candidate.actor === actor) ?? due[0];
    if (event === undefined) return false;
    this.#events.splice(this.#events.indexOf(event), 1);
    this.nowMs = Math.max(this.nowMs, dueMs);
    event.act();
    await quiescence();
    return true;
  }

  /** When the next event is due; infinity where there is none. */
  get nextMs(): number {
    return this.#events[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** Nothing happens until then. */
  skipTo(atMs: number): void {
    this.nowMs = Math.max(this.nowMs, atMs);
  }
}

/** Promises are kept before the event loop turns, so one turn later all of them have been. */
export function quiescence(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
