import type { Answer } from "../faults.ts";

/**
 * An answer of the REST JSON protocol.
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export function restJson(status: number, body: object, headers: Answer["headers"] = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** A refusal under its exception's name as on the wire. */
export function restRefusal(status: number, code: string, message: string): Answer {
  return restJson(status, { Message: message }, { "x-amzn-errortype": code });
}
