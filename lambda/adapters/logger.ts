import { Logger } from "@aws-lambda-powertools/logger";
import type { Redactor } from "./redactor.ts";

/** Powertools' logger, in JSON, with every string passed through the redactor. */
export function createLogger(redactor: Redactor): Logger {
  return new Logger({
    serviceName: "xt-token-rotation",
    jsonReplacerFn: (_key, value: unknown) => (typeof value === "string" ? redactor.redact(value) : value),
  });
}
