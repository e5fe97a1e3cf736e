import type { Fields } from "./fields.ts";
import { Refusal, type RefusalCode } from "./refusal.ts";

/** How one service cuts its lists. */
export interface Paging {
  /** Entries on one page, at most; as many where the request does not say. */
  readonly largest: number;
  readonly oddSize: RefusalCode;
  readonly oddToken: RefusalCode;
}

/** The page of a list that a request asks for. The token is the number of entries that earlier pages held. */
export function page<Entry>(
  listed: readonly Entry[],
  fields: Fields<"MaxResults" | "NextToken">,
  { largest, oddSize, oddToken }: Paging,
): { readonly entries: readonly Entry[]; readonly next: string | undefined } {
  const size = fields.optionalInteger("MaxResults", { min: 1, max: largest }, oddSize) ?? largest;
  const token = fields.optionalText("NextToken") ?? "0";
  const start = Number(token);
  if (!/^\d+$/.test(token) || (start > 0 && start >= listed.length)) {
    throw new Refusal(oddToken, "The NextToken value is invalid.");
  }
  const end = start + size;
  return { entries: listed.slice(start, end), next: end < listed.length ? String(end) : undefined };
}
