import { onTestFinished } from "vitest";
import { startXt, type XtOptions, type XtStandIn } from "../../../sandbox/xt/start-xt.ts";

export const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

/** A stand-in that ends with the test. */
export async function start(options: Partial<XtOptions> = {}): Promise<XtStandIn> {
  const xt = await startXt({
    clientId: "client-1",
    clientSecret: "secret-1",
    reuse: "single-use",
    now: () => NOW_MS,
    ...options,
  });
  onTestFinished(() => xt.close());
  return xt;
}

/** One request for a token. */
export async function ask(xt: XtStandIn, query: Record<string, string>): Promise<Record<string, unknown>> {
  const search = new URLSearchParams({ client_id: "client-1", client_secret: "secret-1", ...query });
  const response = await fetch(`${xt.url}/public/uaa/oauth2/token?${search}`);
  return { status: response.status, ...((await response.json()) as object) };
}
