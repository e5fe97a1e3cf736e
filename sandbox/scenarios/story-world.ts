import { ENVIRONMENT, type UnknownOutcomePolicy } from "../../lambda/contract.ts";
import { createExecutionEnvironment } from "../execution-environment.ts";
import { ESCROW_PREFIX, startWorld, type World } from "../world.ts";
import type { Reuse } from "../xt/grants.ts";

/** A world with an escrow, whose runs share one process, as Lambda's mostly do. */
export interface StoryWorld extends World {
  /** Puts the world's clock and that of the run under way forward, in milliseconds. */
  holdUp(byMs: number): Promise<void>;
  /** Settles when no other run is under way any more, at once where none is. */
  othersEnded(): Promise<void>;
  /** Everything that the runs printed since the last time. */
  takeOutput(): Promise<string>;
}

/** What a story takes for granted. */
export interface Setting {
  /** What XT makes of a spent refresh token. @default single-use-revoking, the worst */
  readonly reuse?: Reuse;
  readonly refreshLifetimeMs?: number;
  readonly unknownOutcomePolicy?: UnknownOutcomePolicy;
}

export async function startStoryWorld(bundle: string, beginsAtMs: number, setting: Setting): Promise<StoryWorld> {
  const { reuse = "single-use-revoking", refreshLifetimeMs, unknownOutcomePolicy } = setting;
  const executionEnvironment = createExecutionEnvironment();
  let underWay = 0;
  let hasEnded = () => {};
  const world = await startWorld({
    bundle,
    beginsAtMs,
    reuse,
    environment: {
      [ENVIRONMENT.escrowParameterPrefix]: ESCROW_PREFIX,
      ...(unknownOutcomePolicy === undefined ? {} : { [ENVIRONMENT.unknownOutcomePolicy]: unknownOutcomePolicy }),
    },
    async run(invocation) {
      underWay += 1;
      const ending = await executionEnvironment.run(invocation);
      underWay -= 1;
      if (underWay === 1) hasEnded();
      return ending;
    },
    ...(refreshLifetimeMs === undefined ? {} : { refreshLifetimeMs }),
  });
  return {
    ...world,
    othersEnded: () =>
      underWay === 1
        ? Promise.resolve()
        : new Promise((resolve) => {
            hasEnded = resolve;
          }),
    takeOutput: executionEnvironment.takeOutput,
    async holdUp(byMs) {
      world.advance(byMs);
      await executionEnvironment.leap(byMs);
    },
    async close() {
      await executionEnvironment.close();
      await world.close();
    },
  };
}
