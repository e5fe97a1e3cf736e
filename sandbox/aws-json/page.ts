import type { Fields } from "./fields.ts";
import { Refusal, type RefusalCode } from "./refusal.ts";

/** How one service cuts its lists. */
export interface Paging {
  /** Entries on one page, at most; as many where the request does not say. */
  readonly largest: number;
  readonly oddSize: RefusalCode;
  readonly oddToken: RefusalCode;
}

/** The position of an entry in its list. Later entries have higher positions. It does not change when other entries are made or deleted. */
type Position = number | string;

/**
 * The page of a list that a request asks for. The token holds the position of the last entry on the page before. So no entry is left out
 * if an earlier one is deleted in the meantime.
 */
export function page<Entry>(
  listed: readonly Entry[],
  positionOf: (entry: Entry) => Position,
  fields: Fields<"MaxResults" | "NextToken">,
  { largest, oddSize, oddToken }: Paging,
): { readonly entries: readonly Entry[]; readonly next: string | undefined } {
  const size = fields.optionalInteger("MaxResults", { min: 1, max: largest }, oddSize) ?? largest;
  const token = fields.optionalText("NextToken");
  const last = token === undefined ? undefined : decoded(token, oddToken);
  const left = last === undefined ? listed : listed.filter((entry) => positionOf(entry) > last);
  const entries = left.slice(0, size);
  const end = entries.at(-1);
  return { entries, next: end === undefined || left.length <= size ? undefined : encoded(positionOf(end)) };
}

function encoded(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function decoded(token: string, oddToken: RefusalCode): Position {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString()) as Position;
  } catch {
    throw new Refusal(oddToken, "The NextToken value is invalid.");
  }
}
