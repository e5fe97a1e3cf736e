import type { Invoked } from "./answer-fleet.ts";
import { type Config, placesOf } from "./config.ts";
import { DEFAULT_CONNECTION, type RotationResult, VERSION } from "./contract.ts";
import type { AskedOfOne } from "./event.ts";
import type { Inspection } from "./inspection.ts";
import { assertNever } from "./rotation/assert.ts";
import { authorize } from "./rotation/authorize.ts";
import type { Run } from "./rotation/fence.ts";
import { inspect } from "./rotation/inspect.ts";
import type { Ports } from "./rotation/ports.ts";
import { putKeptPairInUse } from "./rotation/put-in-use.ts";
import { PairEscrowed } from "./rotation/store-errors.ts";

/** Serves what people and an institution's own backend ask for, as opposed to ticks. */
export async function answerPerson(
  ports: Ports,
  config: Config,
  asked: Exclude<AskedOfOne, { kind: "tick" }>,
  { run, ...invoked }: Invoked & { readonly run: Run },
): Promise<RotationResult | Inspection> {
  const { connection } = asked;
  switch (asked.kind) {
    case "authorize": {
      const { others } = config;
      if (others === undefined || connection === DEFAULT_CONNECTION) return authorize(ports, { ...asked, run });
      const { connectUser } = await import("./answer-fleet.ts");
      return connectUser(ports, invoked, others, { ...asked, run });
    }
    case "promote":
      return telling(putKeptPairInUse(ports, connection, run, asked.versionId));
    case "inspect": {
      const { clientSecretId, baseUrl, unknownOutcomePolicy, exchangeTimeoutMs } = config;
      const { tokenSecretId, escrow } = placesOf(config, connection);
      const settings = {
        version: VERSION,
        tokenSecretId,
        clientSecretId,
        baseUrl: baseUrl.href,
        unknownOutcomePolicy,
        exchangeTimeoutMs,
        escrowParameterPrefix: escrow?.prefix ?? null,
      };
      return inspect(ports, { connection, unknownOutcomePolicy, settings });
    }
    default:
      return assertNever(asked);
  }
}

/** No tick brings home what a person has chosen. */
async function telling(answer: Promise<RotationResult>): Promise<RotationResult> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof PairEscrowed ? new PairEscrowed(error.versionId, error.code, "person") : error;
  }
}
