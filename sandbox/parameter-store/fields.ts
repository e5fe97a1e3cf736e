import type { Input } from "../aws-json/service.ts";
import { invalidRequest, Refusal } from "./refusal.ts";

/** The types of an operation's fields. Lists and maps are not here: nothing that we send has any. */
type Shape = Readonly<Record<string, "string" | "boolean" | "number">>;

interface TypeOf {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

type Read<S extends Shape> = { readonly [Field in keyof S]: TypeOf[S[Field]] | undefined };

/**
 * Reads a request against the fields that the stand-in knows. AWS ignores others; here they are refused, because
 * ignoring one would look like supporting it.
 */
export function readFields<const S extends Shape>(input: Input, shape: S): Read<S> {
  for (const [field, value] of Object.entries(input)) {
    const type = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (type === undefined) throw invalid(field, "is not a field of this operation in this stand-in");
    if (value === null || typeof value === type) continue;
    throw new Refusal("SerializationException", `${field} must be a ${type}`);
  }
  return Object.fromEntries(Object.keys(shape).map((field) => [field, input[field] ?? undefined])) as Read<S>;
}

/** Refuses a required text that is absent or empty. */
export function present(field: string, value: string | undefined): string {
  if (value === undefined) throw invalid(field, "failed to satisfy constraint: Member must not be null");
  if (value !== "") return value;
  throw invalid(field, "failed to satisfy constraint: Member must have length greater than or equal to 1");
}

/** Refuses a text that is none of these. */
export function oneOf<const Text extends string>(
  field: string,
  value: string | undefined,
  texts: readonly Text[],
): Text | undefined {
  const found = texts.find((text) => text === value);
  if (value === undefined || found !== undefined) return found;
  throw invalid(field, `failed to satisfy constraint: Member must satisfy enum value set: [${texts.join(", ")}]`);
}

/** Never with the value itself, unlike AWS: the field may be the secret. Fields are spelt as AWS spells them here. */
export function invalid(field: string, constraint: string): Refusal {
  const spelt = field.charAt(0).toLowerCase() + field.slice(1);
  return invalidRequest(`1 validation error detected: Value at '${spelt}' ${constraint}`);
}
