import type { FunctionEvent } from "../../lambda/contract.ts";
import type { AlarmId } from "../../lib/alarms.ts";
import type { Faults } from "../world.ts";
import type { Setting, StoryWorld } from "./story-world.ts";

/** How many of a scene's ticks ended with each outcome: `rotated`, the name of an error, `died`, or how it did not arrive. */
export type Outcomes = Readonly<Record<string, number>>;

export type Arrival = "once" | "twice" | "dropped" | "never";

/** What happens first, and the ticks that follow it, a quarter of an hour apart. */
export interface Scene {
  readonly title: string;
  readonly prepare?: (world: StoryWorld) => void;
  /** In force for this scene alone. @default nothing goes wrong */
  readonly faults?: (world: StoryWorld) => Faults;
  /** @default 1 */
  readonly ticks?: number;
  /**
   * How each tick reaches the function. `twice`: two runs at once. `dropped`: the Scheduler gives up and says so. `never`: nobody
   * sends it. @default once
   */
  readonly arrives?: Arrival;
  /** @default {}, as the schedule sends it */
  readonly event?: FunctionEvent;
  readonly expected: Outcomes;
}

/** One fault's story, from the moment on at which the pair is due for renewal. */
export interface Scenario extends Setting {
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly story: string;
  /** `unseeded`: the stack was deployed this minute. @default a renewal is due, the access token has a third of its life left */
  readonly begins?: "unseeded" | "due";
  readonly scenes: readonly Scene[];
  /** The alarms that go off until the operator acts, in this order, and no other. */
  readonly alarms: readonly AlarmId[];
  /** Whether a pair that XT issued is lost. */
  readonly isLost: boolean;
  /** What the operator then does, and the ticks after it. @default nothing has to be done */
  readonly remedy?: readonly Scene[];
}
