/**
 * A string that must not be shown. Every implicit way to text prints `[redacted]`; `reveal` is the only way in.
 */
export class Sensitive {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The string itself. Only adapters and the readers and writers of documents may call this. */
  reveal(): string {
    return this.#value;
  }

  equals(other: Sensitive | undefined): boolean {
    return other !== undefined && other.#value === this.#value;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  /** What `util.inspect` prints, and with it `console.log`; named by its registered symbol since the core knows no Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[redacted]";
  }
}
