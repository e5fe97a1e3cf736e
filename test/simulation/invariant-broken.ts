import { type Chronicle, timeline } from "./chronicle.ts";

/** A history that broke an invariant; its message is the timeline, up to the moment at which it did. */
export class InvariantBroken extends Error {
  override readonly name = "InvariantBroken";
  readonly invariant: string;
  readonly #contradiction: string;
  readonly #chronicle: Chronicle;

  /** @param repetition says how to play the history again */
  constructor(invariant: string, contradiction: string, chronicle: Chronicle, repetition = "") {
    super(`${invariant}: ${contradiction}\n${repetition}\n${timeline(chronicle)}\n`);
    this.invariant = invariant;
    this.#contradiction = contradiction;
    this.#chronicle = chronicle;
  }

  /** The same, with the words that play it again. */
  repeatedBy(words: string): InvariantBroken {
    return new InvariantBroken(this.invariant, this.#contradiction, this.#chronicle, `play it again: ${words}\n`);
  }
}
