import type { ClientRequest } from "node:http";
import { USER_AGENT } from "../../lambda/contract.ts";

/** How a request without credentials ended. */
export type Probe =
  | { readonly kind: "answered"; readonly status: number; readonly date: string | undefined }
  /** `code`: the system's or OpenSSL's word, never a text that a server wrote. */
  | { readonly kind: "failed"; readonly code: string };

const TIMEOUT_MS = 10_000;

/** Asks for the head of a page, over a connection of its own and through no proxy, as the function asks for tokens. */
export async function probe(url: URL): Promise<Probe> {
  const { request: open } = url.protocol === "http:" ? await import("node:http") : await import("node:https");
  return new Promise((resolve) => {
    const request: ClientRequest = open(url, {
      method: "HEAD",
      headers: { "user-agent": USER_AGENT },
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    request.on("response", (response) => {
      response.resume();
      resolve({ kind: "answered", status: response.statusCode ?? 0, date: response.headers.date });
      request.destroy();
    });
    request.on("error", (error) => resolve({ kind: "failed", code: codeOf(error) }));
    request.end();
  });
}

function codeOf(error: Error): string {
  if (error.name === "AbortError") return "TIMEOUT";
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : "UNNAMED_FAILURE";
}
