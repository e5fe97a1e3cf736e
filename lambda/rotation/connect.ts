import type { RotationResult } from "../contract.ts";
import { type Authorizing, authorize } from "./authorize.ts";
import { RotationError } from "./errors.ts";
import type { ConnectionSecrets, Schedules } from "./fleet-ports.ts";
import type { Ports } from "./ports.ts";

/** What makes the secrets and the schedule of a further connection. */
export interface Providers {
  readonly secrets: ConnectionSecrets;
  /** Absent if the function makes no schedules. */
  readonly schedules: Schedules | undefined;
}

/**
 * Connects a user: makes the secrets of a further connection, exchanges the code, and makes the schedule. What exists already stays as it
 * is.
 *
 * ```
 *   a │ provide    CreateSecret, twice     dies here: two empty secrets; the next code uses them
 *   b │ authorize  fence … publish         dies here: see `authorize`; the census makes the schedule, and the next tick settles
 *   c │ schedule   CreateSchedule          dies here: the census makes the schedule within an hour
 * ```
 *
 * @throws RotationError
 */
export async function connect(
  ports: Ports,
  { secrets, schedules }: Providers,
  request: Authorizing,
): Promise<RotationResult> {
  const { connection } = request;
  await secrets.provide(connection);
  const result = await authorize(ports, request);
  try {
    await schedules?.make(connection);
  } catch (error) {
    if (!(error instanceof RotationError)) throw error;
    ports.log.warn("the schedule could not be made, the next census makes it", { connection, code: error.code });
  }
  return result;
}
