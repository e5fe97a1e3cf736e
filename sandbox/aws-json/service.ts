import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "../faults.ts";
import type { Input } from "./fields.ts";
import { Refusal, type RefusalCode } from "./refusal.ts";

/** What tells one AWS service from another on the wire. `World` is what its operations act on. */
export interface Service<World> {
  /** What stands before the operation in `X-Amz-Target`, the dot included. */
  readonly targetPrefix: string;
  /** A decoded request in, a body to encode out. Each throws `Refusal`. */
  readonly operations: Readonly<Record<string, (input: Input, world: World) => object>>;
  /** How the service spells the field that holds a refusal's text. */
  readonly messageField: (code: RefusalCode) => "message" | "Message";
}

/** A request as far as it could be decoded. */
export type Decoded =
  | { readonly kind: "understood"; readonly operation: string; readonly input: Input }
  | { readonly kind: "garbled"; readonly operation: string; readonly refusal: object };

const CONTENT_TYPE = "application/x-amz-json-1.1";

/**
 * Decodes one request of the AWS JSON 1.1 protocol. Signatures are not looked at.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function decodeRequest<World>(
  { targetPrefix, operations }: Service<World>,
  { method, url, headers }: { readonly method?: string; readonly url?: string; readonly headers: IncomingHttpHeaders },
  body: string,
): Decoded {
  const target = String(headers["x-amz-target"] ?? "");
  const operation = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : "";
  const garbled = (code: string, message: string): Decoded => {
    return { kind: "garbled", operation, refusal: { __type: code, message } };
  };
  if (method !== "POST" || url !== "/") {
    return garbled("UnknownOperationException", "every operation is a POST to /");
  }
  if (!Object.hasOwn(operations, operation)) {
    return garbled("UnknownOperationException", `the stand-in does not know the operation "${operation}"`);
  }
  if (headers["content-type"] !== CONTENT_TYPE) {
    return garbled("SerializationException", `content-type must be ${CONTENT_TYPE}`);
  }
  const input = parseObject(body);
  if (input === undefined) return garbled("SerializationException", "the body must be a JSON object");
  return { kind: "understood", operation, input };
}

/** Lets one request take effect, and encodes what came of it. */
export function answerRequest<World>(
  { operations, messageField }: Service<World>,
  decoded: Decoded,
  world: World,
  requestId: string,
): Answer {
  if (decoded.kind === "garbled") return encode(400, decoded.refusal, requestId);
  try {
    return encode(200, operations[decoded.operation]?.(decoded.input, world) ?? {}, requestId);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message } = error;
    return encode(400, { __type: code, [messageField(code)]: message === "" ? undefined : message }, requestId);
  }
}

function encode(status: number, body: object, requestId: string): Answer {
  return {
    status,
    headers: { "content-type": CONTENT_TYPE, "x-amzn-requestid": requestId },
    body: JSON.stringify(body),
  };
}

function parseObject(text: string): Input | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Input) : undefined;
  } catch {
    return undefined;
  }
}
