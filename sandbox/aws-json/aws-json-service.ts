import type { Answer } from "../faults.ts";
import type { WholeRequest } from "../listen.ts";
import { Refusal, type RefusalCode } from "./refusal.ts";
import { type Decoded, type Operation, parseObject, type Service } from "./service.ts";

export interface AwsJsonOptions<World> {
  /** The part of `X-Amz-Target` before the operation, with its dot. */
  readonly targetPrefix: string;
  readonly operations: Readonly<Record<string, Operation<World>>>;
  /** How the service spells the field that holds a refusal's text. */
  readonly messageField: (code: RefusalCode) => "message" | "Message";
}

const CONTENT_TYPE = "application/x-amz-json-1.1";

/**
 * A service of the AWS JSON 1.1 protocol. It does not check signatures.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function awsJsonService<World>({
  targetPrefix,
  operations,
  messageField,
}: AwsJsonOptions<World>): Service<World> {
  return {
    operations,
    decode(request) {
      const target = String(request.headers["x-amz-target"] ?? "");
      const operation = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : "";
      return decode(request, operation, Object.hasOwn(operations, operation));
    },
    granted: (body) => encode(200, body),
    refused({ code, message }) {
      return encode(400, { __type: code, [messageField(code)]: message === "" ? undefined : message });
    },
  };
}

function decode({ method, path, query, headers, body }: WholeRequest, operation: string, isKnown: boolean): Decoded {
  const garbled = (code: RefusalCode, message: string): Decoded => {
    return { kind: "garbled", operation, refusal: new Refusal(code, message) };
  };
  if (method !== "POST" || path !== "/" || query.size > 0) {
    return garbled("UnknownOperationException", "every operation is a POST to /");
  }
  if (!isKnown) {
    return garbled("UnknownOperationException", `the stand-in does not know the operation "${operation}"`);
  }
  if (headers["content-type"] !== CONTENT_TYPE) {
    return garbled("SerializationException", `content-type must be ${CONTENT_TYPE}`);
  }
  const input = parseObject(body);
  if (input === undefined) return garbled("SerializationException", "the body must be a JSON object");
  return { kind: "understood", operation, input };
}

function encode(status: number, body: object): Answer {
  return { status, headers: { "content-type": CONTENT_TYPE }, body: JSON.stringify(body) };
}
