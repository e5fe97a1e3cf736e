import type { Call, Fault, FaultPlan } from "../faults.ts";
import { STORE_CALLS, type StoreCall } from "../rotation-calls.ts";
import type { Faults } from "../world.ts";
import type { StoryWorld } from "./story-world.ts";

export const UNAVAILABLE: Fault = {
  kind: "reply",
  when: "before",
  status: 500,
  body: '{"__type":"InternalServiceError"}',
};
/** A service that is down. */
export const OUT: FaultPlan = () => UNAVAILABLE;

/** An answer of XT's with this status, while the token stays as it was. */
export function xtAnswers(status: number, body = "<h1>Please try again"): Faults {
  return { xt: () => ({ kind: "reply", when: "before", status, body }) };
}

/** Lets a fault meet one call of the rotation, the first so many times. */
export function meet(name: StoreCall, fault: Fault, times = 1): Faults {
  let met = 0;
  return {
    secretsManager(call) {
      if (!STORE_CALLS[name](call) || met >= times) return undefined;
      met += 1;
      return fault;
    },
  };
}

/** Lets a fault meet the next exchange alone. */
export function meetExchange(fault: Fault): Faults {
  let isMet = false;
  return {
    xt() {
      if (isMet) return undefined;
      isMet = true;
      return fault;
    },
  };
}

/** A refusal by an AWS service, under its name for it. */
export function refusal(type: string): Fault {
  return { kind: "reply", when: "before", status: 400, body: JSON.stringify({ __type: type }) };
}

/** A run is held up until these few of its two minutes are left, since whoever watches would wait for all of them. */
const HELD_UP_MS = 117_000;

/**
 * From the moment on at which XT has granted a pair, and not before, these faults meet the two stores.
 * @param heldUpMs how much of the run is over by then
 */
export function fromTheAnswerOn(
  world: Pick<StoryWorld, "holdUp">,
  faults: Omit<Faults, "xt">,
  heldUpMs: number = HELD_UP_MS,
): Faults {
  let isGranted = false;
  const since = (plan: FaultPlan | undefined) => (call: Call) => (isGranted ? plan?.(call) : undefined);
  return {
    xt: () => ({
      kind: "act",
      when: "after",
      async act() {
        isGranted = true;
        await world.holdUp(heldUpMs);
      },
    }),
    secretsManager: since(faults.secretsManager),
    parameterStore: since(faults.parameterStore),
  };
}
