import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startParameterStore } from "../../sandbox/parameter-store/server.ts";
import { STORE_CALLS } from "../../sandbox/rotation-calls.ts";
import { FAULT_MODES, type FaultMode } from "../bench/fire/fault-modes.ts";
import type { Outage } from "../bench/fire/outage.ts";
import type { Outcome } from "../bench/fire/trial.ts";
import { writeByAdapter } from "../bench/fire/write-by-adapter.ts";

/** Most of it is waiting for attempts that hang, in milliseconds; a busy machine takes longer. */
const PLAYING_MS = 30_000;

/** An outage that ends after so many attempts at the pair, of which every second one takes effect all the same. */
function outageOf(attempts: number, { fault }: FaultMode): Outage {
  let met = 0;
  return {
    begin() {},
    plan(call) {
      if (!STORE_CALLS.staging(call) || met === attempts) return undefined;
      met += 1;
      return fault(met % 2 === 1 ? "before" : "after");
    },
    sinceRecoveryMs: () => 0,
  };
}

/** Four pass the point at which the escrow is called in. Two where each attempt has to be waited for. */
const attemptsIn = ({ isSilent }: FaultMode) => (isSilent ? 2 : 4);

const outcomes = new Map<string, Outcome>();

// All at once, since they mostly wait.
beforeAll(async () => {
  const parameterStore = await startParameterStore();
  vi.stubEnv("AWS_ENDPOINT_URL_SSM", parameterStore.url);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example");
  await Promise.all(
    FAULT_MODES.map(async (mode) => {
      outcomes.set(mode.name, await writeByAdapter(outageOf(attemptsIn(mode), mode), parameterStore));
    }),
  );
  await parameterStore.close();
}, PLAYING_MS);
afterAll(() => {
  vi.unstubAllEnvs();
});

it("knows sixteen ways of an outage", () => {
  expect(new Set(FAULT_MODES.map(({ name }) => name)).size).toBe(16);
});

it.each(FAULT_MODES.filter(({ isSilent }) => !isSilent))(
  "stages through four attempts of this outage with one token and one body, and calls the escrow in: $name",
  ({ name }) => {
    expect(outcomes.get(name)).toMatchObject({ isKept: true, isEscrowed: true });
    expect(outcomes.get(name)?.attempts).toBeGreaterThanOrEqual(5);
  },
);

it.each(FAULT_MODES.filter(({ isSilent }) => isSilent))(
  "stages through two attempts of this outage with one token and one body by ending each: $name",
  ({ name }) => {
    expect(outcomes.get(name)).toMatchObject({ isKept: true });
    expect(outcomes.get(name)?.attempts).toBeGreaterThanOrEqual(3);
  },
);
