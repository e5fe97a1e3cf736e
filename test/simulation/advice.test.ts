import { expect, it } from "vitest";
import { POLICIES } from "./fault-matrix.ts";
import { createRandom } from "./random.ts";
import { rescueFromEveryFault } from "./rescues.ts";

it.each(POLICIES)(
  "leads a person who types what they read to a healthy connection, wherever a history with one fault stops, under the policy to %s",
  async (policy) => {
    const histories = await rescueFromEveryFault({ reuse: "single-use-revoking", policy }, createRandom(1), 0.12);
    console.log(`a person follows the advice, ${policy}: ${histories} histories`);

    expect(histories).toBeGreaterThan(100);
  },
);
