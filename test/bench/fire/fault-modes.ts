import type { Fault } from "../../../sandbox/faults.ts";

/** One way in which an AWS service is out of order. */
export interface FaultMode {
  readonly name: string;
  /** Whether nothing tells the caller that the request failed, so that only the caller's own limit ends it. */
  readonly isSilent: boolean;
  /** The harm to one request, in place of its effect or in place of the answer to it. */
  readonly fault: (when: Fault["when"]) => Fault;
}

const AWS_JSON = { "content-type": "application/x-amz-json-1.1" } as const;
const HTML = { "content-type": "text/html" } as const;
const PAGE = "<!doctype html><html><body><h1>We will be back soon</h1></body></html>";
const CUT_OFF = '{"ARN":"arn:aws:secretsmanager:us-east-1:123456789012:secret:xt/to';
/** More than is ever sent of it. */
const ANNOUNCED_BYTES = "400";

type Headers = Readonly<Record<string, string>>;

function answers(name: string, status: number, headers: Headers, body: string, isSilent = false): FaultMode {
  return { name, isSilent, fault: (when) => ({ kind: "reply", when, status, headers, body }) };
}

function refuses(name: string, status: number, type: string, headers: Headers = {}): FaultMode {
  return answers(name, status, { ...AWS_JSON, ...headers }, JSON.stringify({ __type: type, message: "not now" }));
}

function breaks(name: string, kind: "drop" | "reset" | "stall"): FaultMode {
  return { name, isSilent: kind === "stall", fault: (when) => ({ kind, when }) };
}

/** A service whose clock is an hour ahead tells so in its answer, and the SDK corrects its own by that. */
const AN_HOUR_AHEAD = { date: new Date(Date.now() + 3_600_000).toUTCString() };

/** The sixteen ways of an outage, from the harmless looking to the silent. */
export const FAULT_MODES: readonly FaultMode[] = [
  refuses("500", 500, "InternalServiceError"),
  refuses("503", 503, "ServiceUnavailable"),
  answers("502 with a page", 502, HTML, PAGE),
  refuses("throttled", 400, "ThrottlingException"),
  refuses("limit exceeded", 400, "LimitExceededException"),
  refuses("KMS fails", 400, "EncryptionFailure"),
  refuses("access denied", 400, "AccessDeniedException"),
  refuses("credentials expired", 400, "ExpiredTokenException"),
  refuses("clock skewed", 400, "InvalidSignatureException", AN_HOUR_AHEAD),
  breaks("dropped", "drop"),
  breaks("reset", "reset"),
  answers("truncated", 200, { ...AWS_JSON, "content-length": ANNOUNCED_BYTES, connection: "close" }, CUT_OFF),
  answers("200 with a page", 200, HTML, PAGE),
  answers("empty 200", 200, AWS_JSON, ""),
  breaks("hanging", "stall"),
  answers("body stalled", 200, { ...AWS_JSON, "content-length": ANNOUNCED_BYTES }, CUT_OFF, true),
];
