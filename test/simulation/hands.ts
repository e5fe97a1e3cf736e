import { LABEL } from "../../lambda/contract.ts";
import type { World } from "./world.ts";

/** What a person may do to the two secrets at any moment. */
export const HANDS = [
  "re-seeds",
  "rolls back",
  "removes XT_ATTEMPT",
  "removes XT_ISSUED",
  "removes XT_UNSPENT",
  "writes the access-token secret",
  "rolls the access-token secret back",
  "removes AWSPREVIOUS of the access-token secret",
] as const;
/** What a person may do by mistake. No tick mends it. */
export const MISTAKES = ["stores a malformed value", "spoils the client credentials"] as const;
export type Hand = (typeof HANDS)[number] | (typeof MISTAKES)[number];

/** A person acts on the true state, at once. */
export function act(world: World, hand: Hand): void {
  world.tell(`a person ${hand}`);
  switch (hand) {
    case "re-seeds":
      seed(world);
      break;
    case "rolls back": {
      const { holders } = world.versions;
      const [from, to] = [holders.get(LABEL.current), holders.get(LABEL.previous)];
      if (to !== undefined && to !== from) world.move("person", { label: LABEL.current, from, to });
      break;
    }
    case "removes XT_ATTEMPT":
      remove(world, LABEL.attempt);
      break;
    case "removes XT_ISSUED":
      remove(world, LABEL.issued);
      break;
    case "removes XT_UNSPENT":
      remove(world, LABEL.unspent);
      break;
    case "writes the access-token secret":
      world.publish("person", "by-hand".padEnd(32, "-"), '{"access_token":"by hand"}');
      break;
    case "rolls the access-token secret back": {
      const published = world.accessTokenSecret.versions.holders;
      const to = published.get(LABEL.previous);
      if (to !== undefined)
        world.movePublication("person", { label: LABEL.current, from: published.get(LABEL.current), to });
      break;
    }
    case "removes AWSPREVIOUS of the access-token secret": {
      const from = world.accessTokenSecret.versions.holders.get(LABEL.previous);
      if (from !== undefined) world.movePublication("person", { label: LABEL.previous, from, to: undefined });
      break;
    }
    case "stores a malformed value":
      world.put("person", "malformed".padEnd(32, "-"), "not JSON", [LABEL.current]);
      break;
    case "spoils the client credentials":
      world.clientCredentials = "not JSON";
      break;
  }
}

/** Authorises anew and stores the pair as the seed command does: first a version of its own, then AWSCURRENT. */
export function seed(world: World): void {
  const token = world.xt.authorize();
  const text = JSON.stringify({
    schema: 1,
    access_token: token.replace("refresh", "access"),
    expires_at: new Date(world.time.nowMs + SEEDED_LIFETIME_MS).toISOString(),
    refresh_token: token,
  });
  const id = `seed-${token}`.padEnd(32, "-");
  world.put("person", id, text, [LABEL.seed]);
  const from = world.versions.holders.get(LABEL.current);
  if (from !== id) world.move("person", { label: LABEL.current, from, to: id });
}

/** Nine hours of life make a pair that was seeded at six due at noon. */
const SEEDED_LIFETIME_MS = 9 * 60 * 60_000;

function remove(world: World, label: string): void {
  const from = world.versions.holders.get(label);
  if (from !== undefined) world.move("person", { label, from, to: undefined });
}
