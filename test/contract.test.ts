import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  commandLine,
  DEFAULT_UNKNOWN_OUTCOME_POLICY,
  ENVIRONMENT,
  LABEL,
  METRIC,
  UNKNOWN_OUTCOME_POLICIES,
  USER_AGENT,
  VERSION,
} from "../lambda/contract.ts";

it("keeps the labels by which a later release finds what an earlier one wrote", () => {
  expect(LABEL).toEqual({
    current: "AWSCURRENT",
    previous: "AWSPREVIOUS",
    attempt: "XT_ATTEMPT",
    unspent: "XT_UNSPENT",
    rejected: "XT_REJECTED",
    issued: "XT_ISSUED",
    void: "XT_VOID",
    seed: "XT_SEED",
    parked: "XT_PARKED",
  });
});

it("keeps the names of the environment that people set", () => {
  expect(ENVIRONMENT).toEqual({
    tokenSecretId: "TOKEN_SECRET_ID",
    clientSecretId: "CLIENT_SECRET_ID",
    accessTokenSecretId: "ACCESS_TOKEN_SECRET_ID",
    eventBusName: "EVENT_BUS_NAME",
    baseUrl: "XT_BASE_URL",
    unknownOutcomePolicy: "UNKNOWN_OUTCOME_POLICY",
    exchangeTimeoutMs: "EXCHANGE_TIMEOUT_MS",
    escrowParameterPrefix: "ESCROW_PARAMETER_PREFIX",
    escrowKeyId: "ESCROW_KEY_ID",
    connectionPrefix: "CONNECTION_PREFIX",
    scheduleGroupName: "SCHEDULE_GROUP_NAME",
    scheduleRoleArn: "SCHEDULE_ROLE_ARN",
    tickSchedule: "TICK_SCHEDULE",
  });
});

it("offers to replay or to hold an unknown outcome, and replays unless told otherwise", () => {
  expect(UNKNOWN_OUTCOME_POLICIES).toEqual(["replay", "hold"]);
  expect(DEFAULT_UNKNOWN_OUTCOME_POLICY).toBe("replay");
});

it("spells out a command as a person types it", () => {
  expect(commandLine("rotate --now")).toBe("npx --no xt-token rotate --now");
});

it("writes no command by which npx would fetch a stranger's package, or take a word for its own", () => {
  const root = join(import.meta.dirname, "..");
  const places = [
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "docs",
    "examples",
    "bin",
    "lambda",
    "lib",
    "sandbox",
  ];
  const files = places.flatMap((place) => {
    if (place.endsWith(".md")) return [place];
    const names = readdirSync(join(root, place), { recursive: true, encoding: "utf8" });
    return names.filter((name) => /\.(md|svg|ts)$/.test(name)).map((name) => join(place, name));
  });

  const commands = files.flatMap((file) => [
    ...readFileSync(join(root, file), "utf8").matchAll(/npx (?:-[\w-]+ )*xt-token.{0,20}/g),
  ]);

  const unsafe = commands.map(([command]) => command).filter((command) => !/^npx --no xt-token(?! +-)/.test(command));
  expect(commands.length).toBeGreaterThan(40);
  expect(unsafe).toEqual([]);
});

it("keeps the names of the metrics that alarms and people's own dashboards watch", () => {
  expect(METRIC).toEqual({
    severity: "Severity",
    accessTokenLifeLeft: "AccessTokenLifeLeft",
    secondsToRefreshExpiry: "SecondsToRefreshExpiry",
    secondsOutOfPlace: "SecondsOutOfPlace",
    connections: "Connections",
    connectionsUnattended: "ConnectionsUnattended",
  });
});

it("has the version that package.json names, and tells it to XT", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

  expect(VERSION).toBe(version);
  expect(USER_AGENT).toBe(`xt-token-rotation/${version}`);
});
