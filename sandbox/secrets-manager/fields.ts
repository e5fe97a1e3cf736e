import { LIMIT } from "./limits.ts";
import { Refusal } from "./refusal.ts";
import { refuseOddLength, type SecretValue } from "./version.ts";

/** A decoded JSON body. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * Reads the fields of one request, and refuses what it does not know.
 *
 * Secrets Manager itself ignores unknown fields. Here they are refused, because ignoring one would look like
 * supporting it.
 */
export class Fields<Name extends string> {
  readonly #operation: string;
  readonly #input: Input;

  constructor(operation: string, input: Input, known: readonly Name[]) {
    const unknown = Object.keys(input).find((field) => !known.includes(field as Name));
    if (unknown !== undefined) {
      throw new Refusal("ValidationException", `${operation} has no field ${unknown} in this stand-in`);
    }
    this.#operation = operation;
    this.#input = input;
  }

  optionalText(field: Name, maxLength: number = Number.POSITIVE_INFINITY): string | undefined {
    const value = this.#input[field] ?? undefined;
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
    const value = this.#input[field] ?? undefined;
    if (value === undefined || typeof value === "boolean") return value;
    throw wrongType(field, "a boolean");
  }

  optionalInteger(field: Name, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.#input[field] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(field, "an integer");
    if (value < min || value > max) {
      throw new Refusal("InvalidParameterException", `${field} must be from ${min} to ${max}, got ${value}`);
    }
    return value;
  }

  /** A list of staging labels. */
  optionalLabels(field: Name): readonly string[] | undefined {
    const value: unknown = this.#input[field] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw wrongType(field, "a list");
    if (value.length < 1 || value.length > LIMIT.labels) throw invalid(field, `must have 1 to ${LIMIT.labels} entries`);
    return value.map((label: unknown) => {
      if (typeof label !== "string") throw wrongType(field, "a list of strings");
      if (label.length < 1 || label.length > LIMIT.labelLength) {
        throw invalid(field, `must hold labels of 1 to ${LIMIT.labelLength} characters`);
      }
      return label;
    });
  }

  optionalVersionId(field: Name): string | undefined {
    const value = this.optionalText(field);
    if (value !== undefined) refuseOddLength(field, value);
    return value;
  }

  /** The ClientRequestToken. SDKs fill it in by themselves; on the wire it is required. */
  requestToken(field: Name): string {
    const token = this.optionalText(field);
    if (token !== undefined) return token;
    throw new Refusal(
      "InvalidRequestException",
      "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
    );
  }

  optionalValue(textField: Name, binaryField: Name): SecretValue | undefined {
    const text = this.optionalText(textField);
    const base64 = this.optionalText(binaryField);
    if (text !== undefined && base64 !== undefined) {
      throw new Refusal("InvalidParameterException", `You can't specify both ${textField} and ${binaryField}.`);
    }
    if (text !== undefined) return { kind: "text", text };
    return base64 === undefined ? undefined : { kind: "binary", base64 };
  }
}

/** Never with the value itself, unlike AWS: the field may be the secret. */
function invalid(field: string, constraint: string): Refusal {
  return new Refusal("ValidationException", `1 validation error detected: Value at '${field}' ${constraint}`);
}

function wrongType(field: string, expected: string): Refusal {
  return new Refusal("SerializationException", `${field} must be ${expected}`);
}
