import type { Operation } from "../aws-json/service.ts";
import { READ_OPERATIONS, type World } from "./read-operations.ts";
import type { RequestQuotas } from "./request-quotas.ts";
import { WRITE_OPERATIONS } from "./write-operations.ts";

/** What an operation acts on, and the quotas of its requests. */
export interface QuotaWorld extends World {
  /** Undefined if there are no quotas. */
  readonly quotas: RequestQuotas | undefined;
}

/** The operations by name, so that tests can call them without HTTP. The input has the fields of the SDK's command. */
export const OPERATIONS: Readonly<Record<string, Operation<QuotaWorld>>> = Object.fromEntries(
  Object.entries({ ...READ_OPERATIONS, ...WRITE_OPERATIONS }).map(([name, operation]) => [
    name,
    (input, world) => {
      world.quotas?.take(name, world.nowMs);
      return operation(input, world);
    },
  ]),
);
