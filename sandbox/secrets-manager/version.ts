import { Refusal } from "../aws-json/refusal.ts";
import { LIMIT } from "./limits.ts";

/** What one version holds. A binary value is kept as it travels, in base64. */
export type SecretValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly base64: string };

export interface Version {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAtMs: number;
}

/**
 * A version that keeps the rules for ids and values.
 * Throws `InvalidParameterException` for an id that is too short or too long, `ValidationException` for such a value.
 */
export function newVersion(id: string, value: SecretValue, createdAtMs: number): Version {
  refuseOddLength("ClientRequestToken", id);
  const bytes = value.kind === "text" ? Buffer.byteLength(value.text) : Buffer.byteLength(value.base64, "base64");
  if (bytes < 1 || bytes > LIMIT.valueBytes) {
    // Never with the value itself, unlike AWS, which repeats what it refuses.
    const field = value.kind === "text" ? "secretString" : "secretBinary";
    throw new Refusal(
      "ValidationException",
      `1 validation error detected: Value at '${field}' must have 1 to ${LIMIT.valueBytes} bytes, got ${bytes}`,
    );
  }
  return { id, value, createdAtMs };
}

/** Throws `InvalidParameterException` for what cannot be the id of a version. */
export function refuseOddLength(field: string, versionId: string): void {
  const { min, max } = LIMIT.versionIdLength;
  if (versionId.length >= min && versionId.length <= max) return;
  throw new Refusal("InvalidParameterException", `${field} must be ${min}-${max} characters long.`);
}

/** Says whether two values are byte for byte the same. */
export function isSame(one: SecretValue, other: SecretValue): boolean {
  return one.kind === "text"
    ? other.kind === "text" && one.text === other.text
    : other.kind === "binary" && one.base64 === other.base64;
}
