import type { CallName, Fault } from "./fault.ts";

/** A fault as docs/faults.md tells it to somebody who operates the rotation. */
export function inWords(name: CallName, { kind, when }: Fault): string {
  const isExchange = name === "the exchange";
  switch (kind) {
    case "error":
      if (!isExchange) return `an error ${when === "before" ? "in place of the effect" : "after the effect"}`;
      return when === "before" ? "503, the token is not spent" : "502, the token is spent";
    case "lost":
      if (!isExchange) return `the connection breaks ${when} the effect`;
      return when === "before"
        ? "the connection breaks, the token is not spent"
        : "the answer is lost, the token is spent";
    case "stall":
      return stall(when, isExchange);
    case "denied":
      return isExchange ? "XT refuses the token (`rc` 1) and does not spend it" : "access is denied, once";
    case "death":
      return when === "before" ? "the process dies just before it" : "the process dies just after it";
    case "freeze":
      return `the process stands still ${when} it, until Lambda's timeout`;
    case "suspend":
      return "the process stands still after it for 20 minutes, and then goes on";
    case "stale":
      return "it is answered as of ten minutes ago";
    case "unsent":
      return "XT is not reached (DNS, connect, TLS)";
    case "throttled":
      return "429";
    case "cut-off":
      return "the answer breaks off before any token is whole, the token is spent";
    case "cut-off refresh":
      return "the answer breaks off inside the refresh token, the token is spent";
  }
}

function stall(when: "before" | "after" | "late", isExchange: boolean): string {
  const effect = isExchange ? "the token is spent" : "it takes effect";
  switch (when) {
    case "before":
      return isExchange ? "no answer until the timeout, the token is not spent" : "no answer and no effect";
    case "after":
      return `no answer${isExchange ? " until the timeout" : ""}, and ${effect}`;
    case "late":
      return `no answer, and ${effect} a minute after it was given up`;
  }
}

/** What the operator reads of a run's end. */
export function endingInWords(ending: string): string {
  const [outcome, code] = ending.split(": ");
  switch (ending) {
    case "killed":
      return "no result; Lambda counts an error";
    case "timed out":
      return "`Task timed out`; Lambda counts an error";
    default:
      return code === undefined || ["renewed", "settled"].includes(code)
        ? `\`${outcome}\``
        : `\`${outcome}\` (${code})`;
  }
}
