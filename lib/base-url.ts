/**
 * Says what is wrong with a base URL for a deployed function, or nothing where it can be used. The value itself is never
 * repeated: whoever puts credentials into a URL would read them again in a build log.
 */
export function baseUrlFault(value: string): string | undefined {
  if (!URL.canParse(value)) return "no URL";
  const url = new URL(value);
  if (url.protocol !== "https:") return `the scheme ${url.protocol.slice(0, -1)}`;
  if (url.username !== "" || url.password !== "") return "a URL with credentials";
  // Not `url.search`, which is empty for a URL that ends in a bare question mark.
  if (value.includes("?")) return "a URL with a query";
  if (value.includes("#")) return "a URL with a fragment";
  return undefined;
}

/** What {@link baseUrlFault} accepts, for messages. */
export const BASE_URL_EXPECTED = "an https URL without credentials, query or fragment";
