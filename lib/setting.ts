import { baseUrlFault } from "./base-url.ts";

/** What reading a setting's text came to. `found` goes into a message, and holds nothing that should not be read there. */
export type Reading<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "fault"; readonly found: string };

/** How one context key is read, and what it should be. */
export interface Setting<T> {
  readonly key: string;
  readonly expected: string;
  readonly read: (text: string) => Reading<T>;
}

export function valueOr<T>(value: T | undefined, text: string): Reading<T> {
  return value === undefined ? { kind: "fault", found: `'${text}'` } : { kind: "value", value };
}

export function matching(text: string, pattern: RegExp): Reading<string> {
  return valueOr(pattern.test(text) ? text : undefined, text);
}

/** `Number` alone would also read '', ' 5', '1e1' and '0x10'. */
export function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** Reads a URL that {@link baseUrlFault} accepts. */
export function httpsUrl(text: string): Reading<string> {
  const found = baseUrlFault(text);
  return found === undefined ? { kind: "value", value: text } : { kind: "fault", found };
}
