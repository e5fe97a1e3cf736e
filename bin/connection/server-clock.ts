import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import type { Clock } from "../../lambda/rotation/ports.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import type { Surroundings, Target } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { describeDuration } from "../command-line/duration.ts";

/**
 * How far this machine's clock may lie from a server's, in milliseconds. AWS refuses signatures that are five minutes off, and what an
 * attempt record says of its run's end is believed for ten; a `Date` header is exact to a second and as old as its way.
 */
export const CLOCK_TOLERANCE_MS = 2 * 60_000;

/** How far this clock is ahead of the `Date` header of an answer, in milliseconds; `undefined` where it holds none. */
export function aheadOf(date: string | undefined, nowMs: number): number | undefined {
  const serverMs = Date.parse(date ?? "");
  return Number.isNaN(serverMs) ? undefined : nowMs - serverMs;
}

/** Listens to every answer on a client, refusals among them. Returns how far the clock was ahead of AWS's at the last of them, in milliseconds. */
export function watchServerClock(client: SecretsManagerClient, clock: Clock): () => number | undefined {
  let aheadMs: number | undefined;
  client.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request);
      const { response } = answer;
      if (isAnswer(response)) aheadMs = aheadOf(response.headers["date"], clock.now()) ?? aheadMs;
      return answer;
    },
    // Nearer to the wire than the reader of answers, which throws what a refusal says.
    { step: "deserialize", priority: "low", name: "watchServerClock", override: true },
  );
  return () => aheadMs;
}

function isAnswer(response: unknown): response is { readonly headers: Readonly<Record<string, string>> } {
  return typeof response === "object" && response !== null && "headers" in response;
}

/**
 * An attempt record says when its run is certainly dead, and other runs believe it by their own clocks.
 *
 * @throws CommandFailure where this machine's clock is off
 */
export async function refuseOddClock({ config }: Target, { client, clock }: Surroundings): Promise<void> {
  const aheadMs = watchServerClock(client, clock);
  const store = createSecretsManagerStore(client, config.tokenSecretId, clock, () => undefined);
  await onSecret("DescribeSecret", config.tokenSecretId, () => store.describe());
  const offMs = aheadMs() ?? 0;
  if (Math.abs(offMs) <= CLOCK_TOLERANCE_MS) return;
  throw new CommandFailure(
    `this machine's clock is ${describeDuration(offMs)} ${offMs > 0 ? "ahead of" : "behind"} AWS's, set it first: other runs judge by ` +
      "the times that this one writes",
  );
}
