import type { IncomingHttpHeaders } from "node:http";
import type { Answer } from "../faults.ts";
import type { Input } from "./fields.ts";
import { READ_OPERATIONS, type World } from "./read-operations.ts";
import { Refusal, type RefusalCode } from "./refusal.ts";
import { WRITE_OPERATIONS } from "./write-operations.ts";

/** A request as far as it could be decoded. */
export type Decoded =
  | { readonly kind: "understood"; readonly operation: string; readonly input: Input }
  | { readonly kind: "garbled"; readonly operation: string; readonly refusal: Refusal };

const TARGET_PREFIX = "secretsmanager.";
const CONTENT_TYPE = "application/x-amz-json-1.1";
const OPERATIONS = new Map(Object.entries({ ...READ_OPERATIONS, ...WRITE_OPERATIONS }));

/** Exceptions of the protocol itself, which spell their text `message`; Secrets Manager's own spell it `Message`. */
const PROTOCOL_REFUSALS: ReadonlySet<RefusalCode> = new Set([
  "SerializationException",
  "UnknownOperationException",
  "ValidationException",
]);

/**
 * Decodes one request of the AWS JSON 1.1 protocol. Signatures are not looked at.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function decodeRequest(
  { method, url, headers }: { readonly method?: string; readonly url?: string; readonly headers: IncomingHttpHeaders },
  body: string,
): Decoded {
  const target = String(headers["x-amz-target"] ?? "");
  const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : "";
  const garbled = (code: RefusalCode, message: string): Decoded => {
    return { kind: "garbled", operation, refusal: new Refusal(code, message) };
  };
  if (method !== "POST" || url !== "/") {
    return garbled("UnknownOperationException", "every operation is a POST to /");
  }
  if (!OPERATIONS.has(operation)) {
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
export function answerRequest(decoded: Decoded, world: World, requestId: string): Answer {
  try {
    if (decoded.kind === "garbled") throw decoded.refusal;
    const { operation, input } = decoded;
    return encode(200, OPERATIONS.get(operation)?.(input, world) ?? {}, requestId);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const field = PROTOCOL_REFUSALS.has(error.code) ? "message" : "Message";
    return encode(400, { __type: error.code, [field]: error.message }, requestId);
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
