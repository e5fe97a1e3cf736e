import { Refusal } from "../aws-json/refusal.ts";
import { RateLimit } from "../rate-limit.ts";
import { LIMIT } from "./limits.ts";

const SECOND_MS = 1_000;

/** AWS's quotas of requests in a second. AWS may admit a short burst above a quota; the stand-in does not. */
export class RequestQuotas {
  readonly #limits = new Map<string, RateLimit>();

  constructor() {
    for (const { operations, perSecond } of LIMIT.requests) {
      const limit = new RateLimit(perSecond, SECOND_MS);
      for (const operation of operations) this.#limits.set(operation, limit);
    }
  }

  /** Counts one request. If it exceeds the quota, throws `ThrottlingException` and does not count it. */
  take(operation: string, nowMs: number): void {
    if (this.#limits.get(operation)?.admits(nowMs) === false) {
      throw new Refusal("ThrottlingException", "Rate exceeded");
    }
  }
}
