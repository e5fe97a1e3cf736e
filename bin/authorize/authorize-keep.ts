import { PairEscrowed, PairNotStored } from "../../lambda/rotation/errors.ts";
import { keepPair } from "../../lambda/rotation/keep-pair.ts";
import type { Clock, Escrow, TokenStore, VersionId } from "../../lambda/rotation/ports.ts";
import type { Sensitive } from "../../lambda/rotation/sensitive.ts";

/** A pair that is in memory alone. */
export interface PairAtStake {
  readonly id: VersionId;
  readonly text: Sensitive;
}

/** Both durable places, made ready for a person who waits. */
export interface Places {
  readonly store: TokenStore;
  readonly escrow: Escrow;
  /** The pair that was last to be staged; `undefined` before that. */
  atStake(): PairAtStake | undefined;
}

export type Kept =
  | { readonly kind: "staged"; readonly isEscrowed: boolean }
  | { readonly kind: "escrowed"; readonly code: string }
  /** The person gave up, and the pair is in memory alone. */
  | { readonly kind: "not-kept"; readonly pair: Sensitive; readonly code: string };

/** What a person has to do with it. */
export interface Patience {
  readonly clock: Clock;
  /** Aborted where the person gives up. It is heard only once staging makes trouble: until then the next moment may end it well. */
  readonly givenUp: AbortSignal;
  /** Told once, when the first few attempts at staging have failed. */
  readonly onTrouble: () => void;
}

/** How long the token secret alone is tried before the escrow's word counts. Outages of seconds are over by then. */
const PATIENCE_MS = 20_000;

export function placesFor(store: TokenStore, escrow: Escrow, { clock, givenUp, onTrouble }: Patience): Places {
  let atStake: PairAtStake | undefined;
  let isTold = false;
  const soonest = (untilMs: number) => Math.min(untilMs, clock.now() + PATIENCE_MS);
  return {
    atStake: () => atStake,
    escrow: {
      ...escrow,
      keep: (id, pair, untilMs, isNeeded) =>
        escrow.keep(id, pair, soonest(untilMs), () => isNeeded() && !givenUp.aborted),
    },
    store: {
      ...store,
      stage(id, pair, untilMs, onFirstTrouble) {
        atStake = { id, text: pair };
        return new Promise((resolve, reject) => {
          const giveUp = () => reject(new PairNotStored("GIVEN_UP"));
          const inTrouble = () => {
            onFirstTrouble?.();
            if (!isTold) onTrouble();
            isTold = true;
            if (givenUp.aborted) giveUp();
            givenUp.addEventListener("abort", giveUp, { once: true });
          };
          store.stage(id, pair, soonest(untilMs), inTrouble).then(resolve, reject);
        });
      },
    },
  };
}

/**
 * Goes on where a first try to keep a pair has failed, for as long as the person does not give up: no platform ends this process, and
 * it holds the only copy.
 *
 * @param failure what the first try ended with
 * @throws `failure`, where it left no pair at stake
 */
export async function keepTrying(
  { store, escrow, atStake }: Places,
  { clock, givenUp }: Patience,
  failure: unknown,
): Promise<Kept> {
  for (let error = failure; ; ) {
    const pair = atStake();
    if (pair === undefined) throw error;
    if (error instanceof PairEscrowed) return { kind: "escrowed", code: error.code };
    if (!(error instanceof PairNotStored)) throw error;
    if (givenUp.aborted) return { kind: "not-kept", pair: pair.text, code: error.code };
    try {
      return { kind: "staged", ...(await keepPair({ store, escrow }, pair.id, pair.text, clock.now() + PATIENCE_MS)) };
    } catch (next) {
      error = next;
    }
  }
}
