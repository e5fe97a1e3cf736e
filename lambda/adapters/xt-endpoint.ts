import type { ClientRequest, IncomingMessage } from "node:http";
import { type RequestOptions, request as requestOverTls } from "node:https";
import type { TcpSocketConnectOpts } from "node:net";
import { USER_AGENT } from "../contract.ts";
import type { TokenAnswer, TokenEndpoint, TokenGrant } from "../rotation/ports.ts";
import { Sensitive } from "../rotation/sensitive.ts";
import { MAX_ANSWER_BYTES, readAnswerBody } from "./answer-body.ts";

/** Most bytes of an answer's head. Four times Node's default: headers that a gateway adds must not cost us the pair. */
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * The share of the exchange's time that one address gets for its TCP handshake while another address is left. The
 * last one gets the rest. Node's default is 250 ms: too short where one packet is lost, since TCP sends it again after
 * one second. With a quarter, three addresses that never answer still leave time for a fourth.
 * @see https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
 */
const TIME_PER_ADDRESS = 1 / 4;

const TOKEN_PATH = "/public/uaa/oauth2/token";

const DEADLINE = "DEADLINE_EXCEEDED";

export interface XtEndpointOptions {
  /** HTTPS, or HTTP for a loopback address; the configuration has seen to that. */
  readonly baseUrl: URL;
  /** Over the whole exchange, from the call to the answer's last byte. */
  readonly timeoutMs: number;
  /** PEM; trusted instead of the public authorities. @default the public authorities */
  readonly certificateAuthority?: string;
}

/** How one request ended. */
type Ending =
  | {
      readonly kind: "answered";
      readonly head: IncomingMessage;
      readonly chunks: readonly Buffer[];
      readonly complete: boolean;
    }
  | Exclude<TokenAnswer, { kind: "answered" }>;

/**
 * XT's token endpoint over the network.
 *
 * `node:https` and not `fetch`, which sends a second time on 421. `node:http` is imported for loopback alone: its
 * import loads the whole of `fetch`, which a cold start would feel.
 * @see XT.COM API documentation, third-party section: Apply Token, Refresh Token
 */
export function createXtEndpoint(options: XtEndpointOptions): TokenEndpoint {
  async function ask(query: Readonly<Record<string, string>>): Promise<TokenAnswer> {
    const endsAtMs = performance.now() + options.timeoutMs;
    const isPlain = options.baseUrl.protocol === "http:";
    const open = isPlain ? (await import("node:http")).request : requestOverTls;
    let request: ClientRequest;
    try {
      request = open(requestFor(options, new URLSearchParams(query)));
    } catch (error) {
      return { kind: "unsent", code: codeOf(error) };
    }
    // No await between opening and listening: the first events come before it would continue.
    const ending = await converse(request, isPlain ? "connect" : "secureConnect", endsAtMs);
    if (ending.kind !== "answered") return ending;
    const { head, chunks, complete } = ending;
    const body = new Sensitive(await readAnswerBody(Buffer.concat(chunks)));
    return { kind: "answered", status: head.statusCode ?? 0, body, complete, dateMs: dateOf(head) };
  }

  return {
    exchange({ clientId, clientSecret }, grant) {
      return ask({ client_id: clientId.reveal(), client_secret: clientSecret.reveal(), ...parametersOf(grant) });
    },
    probe: () => ask({}),
  };
}

function parametersOf(grant: TokenGrant): Readonly<Record<string, string>> {
  return "refreshToken" in grant
    ? { grant_type: "refresh_token", refresh_token: grant.refreshToken.reveal() }
    : { grant_type: "authorization_code", code: grant.authorizationCode.reveal() };
}

function dateOf({ headers }: IncomingMessage): number | undefined {
  const dateMs = Date.parse(headers.date ?? "");
  return Number.isNaN(dateMs) ? undefined : dateMs;
}

/** A request on a connection that nothing else uses before or after. */
function requestFor(
  options: XtEndpointOptions,
  query: URLSearchParams,
): RequestOptions & Pick<TcpSocketConnectOpts, "autoSelectFamilyAttemptTimeout"> {
  const { baseUrl, timeoutMs, certificateAuthority } = options;
  // Fields and not a URL: errors about a URL quote it, and this one holds the credentials.
  return {
    protocol: baseUrl.protocol,
    hostname: baseUrl.hostname.replace(/^\[|\]$/g, ""),
    port: baseUrl.port,
    path: `${baseUrl.pathname.replace(/\/$/, "")}${TOKEN_PATH}?${query}`,
    headers: { accept: "application/json", "accept-encoding": "identity", "user-agent": USER_AGENT },
    agent: false,
    autoSelectFamilyAttemptTimeout: Math.ceil(timeoutMs * TIME_PER_ADDRESS),
    maxHeaderSize: MAX_HEAD_BYTES,
    // A gateway's sloppy framing must not cost the pair; there is no next request on this connection to be smuggled.
    insecureHTTPParser: true,
    ca: certificateAuthority,
  };
}

/**
 * Sends the request as soon as the connection stands, and waits for how it ends.
 *
 *     connecting ──ready──► sent ──head──► answering ──end──► answered
 *         └─► unsent          └─► lost         └─► answered, not complete
 *
 * The request's bytes are handed over on the socket's own event and never earlier, so that a failure before it is
 * certain not to have reached XT.
 */
function converse(request: ClientRequest, ready: "connect" | "secureConnect", endsAtMs: number): Promise<Ending> {
  return new Promise((resolve) => {
    let sent = false;
    let head: IncomingMessage | undefined;
    const chunks: Buffer[] = [];
    let room = MAX_ANSWER_BYTES;

    // The first ending counts. The listeners stay, so that a late error of the socket finds one.
    const end = (code: string, complete = false): void => {
      clearTimeout(timer);
      if (head !== undefined) resolve({ kind: "answered", head, chunks, complete });
      else resolve({ kind: sent ? "lost" : "unsent", code });
      request.destroy();
    };

    // A failure ends it one turn later. What was read in one go with the failure has not been delivered yet; and where
    // the process was held up past the deadline, the answer may lie in the socket unread.
    const fail = (code: string): void => {
      setImmediate(end, code);
    };
    const timer = setTimeout(fail, endsAtMs - performance.now(), DEADLINE);

    request.on("error", (error) => fail(codeOf(error)));
    request.on("close", () => fail("CLOSED_WITHOUT_ANSWER"));
    request.on("socket", (socket) => {
      socket.once(ready, () => {
        if (performance.now() >= endsAtMs) return end(DEADLINE);
        sent = true;
        request.end();
      });
    });
    request.on("response", (message) => {
      head = message;
      message.on("error", (error) => fail(codeOf(error)));
      message.on("end", () => end("", true));
      message.on("data", (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, room));
        if (chunk.length > room) end("ANSWER_TOO_LONG");
        room = Math.max(0, room - chunk.length);
      });
    });
  });
}

/** The error's code. Never its message, which could quote what was sent. */
function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : "UNNAMED_FAILURE";
}
