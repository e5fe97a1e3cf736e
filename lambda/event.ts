import type { RotationEvent } from "./contract.ts";
import { InvalidEvent } from "./rotation/errors.ts";
import { describeType, isRecord } from "./rotation/json.ts";

/**
 * Reads the input of one invocation. Unknown fields are refused, since a mistyped `force` that is silently ignored
 * would look like an answer.
 *
 * @throws InvalidEvent naming every problem at once
 */
export function readEvent(event: unknown): RotationEvent {
  if (!isRecord(event)) throw new InvalidEvent([`it must be a JSON object, got ${describeType(event)}`]);
  const { secretId, force, ...unknown } = event;
  const problems = Object.keys(unknown).map((name) => `${printable(name)} is unknown, expected secretId or force`);
  if (secretId !== undefined && (typeof secretId !== "string" || secretId === "")) {
    problems.push(`secretId must be a string, got ${describeType(secretId)}`);
  }
  if (force !== undefined && typeof force !== "boolean")
    problems.push(`force must be a boolean, got ${describeType(force)}`);
  if (problems.length > 0) throw new InvalidEvent(problems);
  return {
    ...(typeof secretId === "string" ? { secretId } : {}),
    ...(typeof force === "boolean" ? { force } : {}),
  };
}

/** A field's name is foreign text like its value, and may be a misplaced secret. */
function printable(name: string): string {
  return /^[\w-]{1,40}$/.test(name) ? name : "a field with an unprintable name";
}
