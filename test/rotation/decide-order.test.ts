import { expect, it } from "vitest";
import { type Circumstances, decide, type Facts } from "../../lambda/rotation/decide.ts";
import { StoreUnavailable } from "../../lambda/rotation/errors.ts";
import { at, attemptOnV1, facts, issued } from "./given.ts";

/** What one look shows, so that two neighbouring policies apply to it. */
interface Case {
  readonly time: string;
  readonly given: Partial<Facts>;
  readonly asked?: Partial<Circumstances>;
  readonly decided: { readonly kind: string; readonly code?: string };
}

const MALFORMED = { kind: "malformed", versionId: "v1", problem: "the value must be JSON" } as const;
const UNUSABLE = { kind: "unusable", problem: "has no value" } as const;
const UNAVAILABLE = {
  kind: "unavailable",
  error: new StoreUnavailable("GetSecretValue", "client-secret", "TimeoutError"),
} as const;

const CASES: Readonly<Record<string, Case>> = {
  "halts on a malformed value before it promotes": {
    time: "12:00",
    given: { current: MALFORMED, staged: issued("v1") },
    decided: { kind: "halt", code: "malformed" },
  },
  "promotes while a peer is at work": {
    time: "12:01",
    given: { staged: issued("v1"), attempt: attemptOnV1("open") },
    decided: { kind: "promote" },
  },
  "leaves a peer at work before it settles": {
    time: "12:11",
    given: { attempt: attemptOnV1("open") },
    decided: { kind: "idle", code: "peer-at-work" },
  },
  // Settling and holding never meet: one wants an open attempt and the other an unknown one. Backing off is next.
  "settles a dead attempt before it backs off": {
    time: "12:13",
    given: { attempt: attemptOnV1("open") },
    decided: { kind: "settle" },
  },
  "holds an unknown outcome before it backs off": {
    time: "12:13",
    given: { attempt: attemptOnV1("unknown") },
    asked: { unknownOutcomePolicy: "hold" },
    decided: { kind: "halt", code: "held" },
  },
  "backs off before it complains about client credentials": {
    time: "12:13",
    given: { attempt: attemptOnV1("unspent"), clientCredentials: UNUSABLE },
    decided: { kind: "idle", code: "backing-off" },
  },
  "complains about client credentials before it waits for the renewal": {
    time: "11:00",
    given: { clientCredentials: UNUSABLE },
    decided: { kind: "halt", code: "client-credentials" },
  },
  "waits for the renewal before it fails for lack of client credentials": {
    time: "11:00",
    given: { clientCredentials: UNAVAILABLE },
    decided: { kind: "idle", code: "not-due" },
  },
};

it.each(Object.entries(CASES))("%s", (_, { time, given, asked, decided }) => {
  const circumstances = { nowMs: at(time), force: false, unknownOutcomePolicy: "replay", ...asked } as const;

  const decision = decide(facts(given), circumstances);

  expect(decision).toMatchObject(decided);
});
