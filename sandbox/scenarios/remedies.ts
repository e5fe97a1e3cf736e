import type { Scene } from "./scenario.ts";

/** The only way out where XT holds no living token that anybody has. */
export const REAUTHORIZE: Scene = {
  title: "a person grants access at XT again: npx --no xt-token authorize",
  prepare: (world) => world.seed(),
  ticks: 12,
  expected: { rotated: 1, idle: 11 },
};
