import type { Call } from "../faults.ts";
import { invalidRequest, Refusal, type RefusalCode } from "./refusal.ts";

/** A decoded JSON body. */
export type Input = Call["input"];

/**
 * Reads the fields of one request, and refuses what it does not know.
 *
 * AWS itself ignores unknown fields. Here they are refused, because ignoring one would look like
 * supporting it.
 */
export class Fields<Name extends string> {
  readonly #operation: string;
  protected readonly input: Input;

  constructor(operation: string, input: Input, known: readonly Name[]) {
    const unknown = Object.keys(input).find((field) => !known.includes(field as Name));
    if (unknown !== undefined) {
      throw invalidRequest(`${operation} has no field ${unknown} in this stand-in`);
    }
    this.#operation = operation;
    this.input = input;
  }

  optionalText(field: Name, maxLength: number = Number.POSITIVE_INFINITY): string | undefined {
    const value = this.input[field] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "string") throw wrongType(field, "a string");
    if (value.length < 1) throw invalid(field, "must not be empty");
    if (value.length > maxLength) throw invalid(field, `must have at most ${maxLength} characters`);
    return value;
  }

  text(field: Name, maxLength?: number): string {
    const value = this.optionalText(field, maxLength);
    if (value === undefined) throw invalid(field, `is required by ${this.#operation}`);
    return value;
  }

  optionalFlag(field: Name): boolean | undefined {
    const value = this.input[field] ?? undefined;
    if (value === undefined || typeof value === "boolean") return value;
    throw wrongType(field, "a boolean");
  }

  /** @param refusal what a number out of bounds is refused with */
  optionalInteger(
    field: Name,
    { min, max }: { readonly min: number; readonly max: number },
    refusal: RefusalCode = "InvalidParameterException",
  ): number | undefined {
    const value = this.input[field] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(field, "an integer");
    if (value < min || value > max) {
      throw new Refusal(refusal, `${field} must be from ${min} to ${max}, got ${value}`);
    }
    return value;
  }

  /** A text that must be one of these. */
  optionalOneOf<const Text extends string>(field: Name, texts: readonly Text[]): Text | undefined {
    const value = this.optionalText(field);
    const found = texts.find((text) => text === value);
    if (value === undefined || found !== undefined) return found;
    throw invalid(field, `must be one of ${texts.join(", ")}`);
  }
}

/** Never with the value itself, unlike AWS: the field may be the secret. */
export function invalid(field: string, constraint: string): Refusal {
  return invalidRequest(`1 validation error detected: Value at '${field}' ${constraint}`);
}

export function wrongType(field: string, expected: string): Refusal {
  return new Refusal("SerializationException", `${field} must be ${expected}`);
}
