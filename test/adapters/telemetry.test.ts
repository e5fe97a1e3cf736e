import { expect, it, onTestFinished, vi } from "vitest";
import { createTelemetry } from "../../lambda/adapters/telemetry.ts";
import type { RotationResult } from "../../lambda/contract.ts";
import { PairEscrowed } from "../../lambda/rotation/errors.ts";
import type { Standing } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { at, attemptOnV1, CREDENTIALS, current, stored } from "../rotation/given.ts";
import { createWorld, type Scene } from "../rotation/world.ts";

const IDLE: RotationResult = {
  outcome: "idle",
  reason: "not-due: the next renewal is at 2026-11-23T12:00:00.000Z",
  secretId: "xt/token",
  versionId: "v1",
  expiresAt: null,
  refreshExpiresAt: null,
  nextRenewalAt: null,
};

/** Telemetry of one run at 12:30 over a world's ports, and what it has printed. */
function watched(scene: Scene = {}) {
  const printed: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const telemetry = createTelemetry("xt/token", { now: () => at("12:30") });
  const ports = telemetry.watch(createWorld(scene).ports);
  /** The values that were written, without the metadata. */
  function written(): Readonly<Record<string, unknown>> {
    const { _aws, connection, ...values } = JSON.parse(printed.join(""));
    return values;
  }
  return { telemetry, ports, written };
}

it("tells how long the tokens live and how old the pair is, in seconds", () => {
  // given
  const { telemetry, ports, written } = watched();
  ports.gauge.saw({
    current: current({
      expiresAtMs: at("13:00"),
      refreshExpiresAtMs: at("12:29"),
      origin: { parent: "v0", attempt: 1, issuedAtMs: at("12:20") },
    }),
  });

  // when
  telemetry.conclude(IDLE);

  // then
  expect(written()).toEqual({
    SecondsToAccessExpiry: 1800,
    SecondsToRefreshExpiry: -60,
    SecondsSinceLastSuccess: 600,
    Heartbeat: 1,
  });
});

it("counts a seeded pair's age from when it was written, and leaves out an expiry that is unknown", () => {
  // given
  const { telemetry, ports, written } = watched();
  ports.gauge.saw({ current: current({ expiresAtMs: undefined }) });

  // when
  telemetry.conclude(IDLE);

  // then
  expect(written()).toEqual({ SecondsSinceLastSuccess: 23_400, Heartbeat: 1 });
});

it.each([
  ["open", { OpenAttempts: 1 }],
  ["unspent", {}],
  ["unknown", {}],
] as const)("counts an attempt that is %s", (state, expected) => {
  // given
  const { telemetry, ports, written } = watched();
  ports.gauge.saw({ current: { kind: "absent" }, attempt: attemptOnV1(state) });

  // when
  telemetry.conclude(IDLE);

  // then
  expect(written()).toEqual({ NotSeeded: 1, ...expected, Heartbeat: 1 });
});

it("goes by what was seen last", () => {
  // given
  const { telemetry, ports, written } = watched();
  const seen: readonly Standing[] = [
    { current: { kind: "absent" } },
    { current: { kind: "malformed", versionId: "v1", problem: "the value must be JSON" } },
  ];
  for (const standing of seen) ports.gauge.saw(standing);

  // when
  telemetry.conclude({ ...IDLE, outcome: "halted" });

  // then
  expect(written()).toEqual({ Halts: 1 });
});

it.each([
  ["rotated", { Heartbeat: 1, Rotations: 1 }],
  ["settled", { Heartbeat: 1, Rotations: 1 }],
  ["deferred", { Heartbeat: 1 }],
  ["halted", { Halts: 1 }],
] as const)("counts a tick that ended %s", (outcome, expected) => {
  // given
  const { telemetry, written } = watched();

  // when
  telemetry.conclude({ ...IDLE, outcome });

  // then
  expect(written()).toEqual(expected);
});

it("times the exchange, and the staging from its end on", async () => {
  // given
  const { telemetry, ports, written } = watched();
  vi.spyOn(performance, "now").mockReturnValueOnce(1_000).mockReturnValueOnce(1_250).mockReturnValueOnce(1_262.5);

  // when
  await ports.endpoint.exchange({ ...CREDENTIALS, refreshToken: new Sensitive("refresh-1") });
  await ports.store.stage("v2", new Sensitive("pair"), at("12:31"));
  telemetry.conclude(IDLE);

  // then
  expect(written()).toMatchObject({ ExchangeLatency: 250, ExposureWindow: 12.5 });
});

it("knows no exposure of a pair that comes from the escrow", async () => {
  // given
  const { telemetry, ports, written } = watched();

  // when
  await ports.store.stage("v2", new Sensitive("pair"), at("12:31"));
  telemetry.conclude(IDLE);

  // then
  expect(written()).toEqual({ Heartbeat: 1 });
});

it("counts a pair that went into the escrow", async () => {
  // given
  const { telemetry, ports, written } = watched();

  // when
  await ports.escrow.keep("v2", new Sensitive("pair"), at("12:31"), () => true);
  telemetry.conclude(new PairEscrowed("v2", "InternalServiceError"));

  // then
  expect(written()).toEqual({ EscrowedPairs: 1, PairEscrowed: 1 });
});

it("counts no pair that the escrow refused", async () => {
  // given
  const { telemetry, ports, written } = watched({ escrow: { keep: async () => "refused" } });

  // when
  await ports.escrow.keep("v2", new Sensitive("pair"), at("12:31"), () => true);
  telemetry.conclude(IDLE);

  // then
  expect(written()).toEqual({ Heartbeat: 1 });
});

it.each([
  ["a pair", stored("pair", "v2"), { EscrowedPairs: 1 }],
  ["nothing", undefined, {}],
] as const)("counts what is found in the escrow: %s", async (_name, found, expected) => {
  // given
  const { telemetry, ports, written } = watched({ escrow: { find: async () => found } });

  // when
  await ports.escrow.find("v2");
  telemetry.conclude(IDLE);

  // then
  expect(written()).toEqual({ ...expected, Heartbeat: 1 });
});

it("writes what this run measured, and nothing of the run before it", () => {
  // given
  const first = watched();
  first.telemetry.conclude({ ...IDLE, outcome: "halted" });

  // when
  const second = watched();
  second.telemetry.conclude(IDLE);

  // then
  expect(second.written()).toEqual({ Heartbeat: 1 });
});
