import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  DEFAULT_UNKNOWN_OUTCOME_POLICY,
  ENVIRONMENT,
  FAILURE,
  LABEL,
  METRIC,
  seedCommand,
  UNKNOWN_OUTCOME_POLICIES,
  VERSION,
} from "../lambda/contract.ts";
import {
  ExchangeOutcomeUnknown,
  PairNotStored,
  RefreshTokenUnreadable,
  RotationRejected,
} from "../lambda/rotation/errors.ts";

it("keeps the labels by which a later release finds what an earlier one wrote", () => {
  expect(LABEL).toMatchObject({
    current: "AWSCURRENT",
    previous: "AWSPREVIOUS",
    attempt: "XT_ATTEMPT",
    unspent: "XT_UNSPENT",
    issued: "XT_ISSUED",
    void: "XT_VOID",
  });
});

it("keeps the names of the environment that people set", () => {
  expect(ENVIRONMENT).toMatchObject({
    tokenSecretId: "TOKEN_SECRET_ID",
    clientSecretId: "CLIENT_SECRET_ID",
    baseUrl: "XT_BASE_URL",
    unknownOutcomePolicy: "UNKNOWN_OUTCOME_POLICY",
    exchangeTimeoutMs: "EXCHANGE_TIMEOUT_MS",
  });
});

it("offers to replay or to hold an unknown outcome, and replays unless told otherwise", () => {
  expect(UNKNOWN_OUTCOME_POLICIES).toEqual(["replay", "hold"]);
  expect(DEFAULT_UNKNOWN_OUTCOME_POLICY).toBe("replay");
});

it("spells out the command that seeds both secrets", () => {
  expect(seedCommand("token-1", "client-1")).toBe("npx xt-token seed --token-secret token-1 --client-secret client-1");
});

it("keeps the names of the metrics that alarms and people's own dashboards watch", () => {
  expect(METRIC).toEqual({
    heartbeat: "Heartbeat",
    rotations: "Rotations",
    notSeeded: "NotSeeded",
    halts: "Halts",
    secondsToAccessExpiry: "SecondsToAccessExpiry",
    secondsToRefreshExpiry: "SecondsToRefreshExpiry",
    secondsSinceLastSuccess: "SecondsSinceLastSuccess",
    exchangeLatency: "ExchangeLatency",
    exposureWindow: "ExposureWindow",
    openAttempts: "OpenAttempts",
    escrowedPairs: "EscrowedPairs",
  });
});

it("calls the failures that have alarms by the names that the errors have", () => {
  const errors = [
    new RotationRejected({ mc: "AUTH_101", status: 200, attempt: 1 }, ""),
    new ExchangeOutcomeUnknown("ECONNRESET", 1),
    new PairNotStored("InternalServiceError"),
    new RefreshTokenUnreadable("v2"),
  ];

  expect(Object.values(FAILURE)).toEqual(errors.map(({ name }) => name));
});

it("has the version that package.json names", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

  expect(VERSION).toBe(version);
});
