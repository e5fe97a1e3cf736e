import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { EVENT_SOURCE } from "../contract.ts";
import type { Announcer, Log } from "../rotation/ports.ts";
import { awsErrorName } from "./aws-error.ts";

/** All announcements of one run together wait no longer: nobody waits for them, and they stand between a run and its exchange. */
const ANNOUNCING_MS = 3_000;

/** For a function that is given no event bus. */
export const noAnnouncer: Announcer = { announce: async () => undefined };

/**
 * Announces the changes of one run on an event bus. The SDK's client is loaded at the first announcement, since hardly any tick makes one.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function createEventBridgeAnnouncer(eventBusName: string, log: Log): Announcer {
  let client: EventBridgeClient | undefined;
  let leftMs = ANNOUNCING_MS;
  return {
    async announce(type, detail) {
      const startedAtMs = performance.now();
      try {
        const sdk = await import("./event-bridge-client.ts");
        client ??= new sdk.EventBridgeClient({ maxAttempts: 1 });
        const entry = {
          EventBusName: eventBusName,
          Source: EVENT_SOURCE,
          DetailType: type,
          Detail: JSON.stringify(detail),
        };
        const { FailedEntryCount: failed = 0 } = await client.send(new sdk.PutEventsCommand({ Entries: [entry] }), {
          abortSignal: AbortSignal.timeout(Math.ceil(leftMs)),
        });
        if (failed > 0) log.warn("the event bus did not take the announcement", { type });
      } catch (error) {
        log.warn("the change could not be announced", { type, code: awsErrorName(error) });
      } finally {
        leftMs = Math.max(0, leftMs - (performance.now() - startedAtMs));
      }
    },
  };
}
