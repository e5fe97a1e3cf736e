import { expect, it } from "vitest";
import type { RotationResult } from "../../lambda/contract.ts";
import { connect } from "../../lambda/rotation/connect.ts";
import type { Run } from "../../lambda/rotation/fence.ts";
import type { ConnectionSecrets, Schedules } from "../../lambda/rotation/fleet-ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { createConsent, exchanges, ISSUED, RECORD } from "./consent.ts";
import { denied } from "./fleet.ts";
import { answered } from "./given.ts";
import { memorySecret } from "./memory-store.ts";
import { recordOfPeer, type Scene } from "./world.ts";

interface User {
  /** What was made beside the exchange, each after so many calls to the connection's own ports. */
  readonly acts: readonly string[];
  /** Every call to those ports, in order. */
  readonly calls: readonly string[];
  readonly warnings: readonly string[];
  /** Delivers the code `code-1`. */
  deliver(run?: Partial<Run>): Promise<RotationResult>;
}

/** A new connection: secrets without a value, no schedule, and an XT that grants. */
function newUser(
  scene: Scene = {},
  replaced: { readonly secrets?: Partial<ConnectionSecrets>; readonly schedules?: Partial<Schedules> | null } = {},
): User {
  const { ports, calls, warnings, request } = createConsent({ secret: memorySecret(), ...scene });
  const acts: string[] = [];
  const noting = (act: string) => async (connection: string) => {
    acts.push(`${act} ${connection} after ${calls.length} calls`);
  };
  const providers = {
    secrets: {
      provide: noting("provide"),
      complete: noting("complete"),
      exist: async () => false,
      list: async () => [],
      ...replaced.secrets,
    },
    schedules:
      replaced.schedules === null
        ? undefined
        : { list: async () => new Map(), make: noting("make"), correct: noting("correct"), ...replaced.schedules },
  };
  return {
    acts,
    calls,
    warnings,
    deliver(run) {
      const asked = { connection: "desk-a", code: new Sensitive("code-1"), replaceAccount: false };
      return connect(ports, providers, { ...asked, run: { ...request().run, ...run } });
    },
  };
}

it("makes the secrets, then exchanges the code, then makes the schedule", async () => {
  // given
  const user = newUser();

  // when
  const result = await user.deliver();

  // then
  expect(result).toMatchObject({ outcome: "authorized", connection: "desk-a", versionId: ISSUED });
  expect(user.acts).toEqual(["provide desk-a after 0 calls", "make desk-a after 7 calls"]);
  expect(user.calls).toEqual([
    "describe",
    "readCurrent",
    "credentials",
    `fence ${RECORD}`,
    "exchange code-1",
    `stage ${ISSUED}`,
    `moveCurrent ${RECORD} ${ISSUED}`,
  ]);
});

it("spends no code if the secrets cannot be made", async () => {
  // given
  const user = newUser({}, { secrets: { provide: denied("CreateSecret") } });

  // when
  const delivery = user.deliver();

  // then
  await expect(delivery).rejects.toMatchObject({ name: "StoreUnavailable", operation: "CreateSecret" });
  expect(user.calls).toEqual([]);
});

it("makes no schedule if XT refuses the code", async () => {
  // given
  const user = newUser({ answer: answered(200, '{"rc":1,"mc":"AUTH_001"}') });

  // when
  const delivery = user.deliver();

  // then
  await expect(delivery).rejects.toMatchObject({ name: "AuthorizationRejected", code: "AUTH_001" });
  expect(user.calls.at(-1)).toBe("exchange code-1");
  expect(user.acts).toEqual(["provide desk-a after 0 calls"]);
});

it("answers that the user is connected, and warns, if the schedule cannot be made", async () => {
  // given
  const user = newUser({}, { schedules: { make: denied("CreateSchedule", "scheduler") } });

  // when
  const result = await user.deliver();

  // then
  expect(result).toMatchObject({ outcome: "authorized", reason: "authorized: XT granted a new pair" });
  expect(user.warnings).toEqual([
    'the schedule could not be made, the next census makes it {"connection":"desk-a","code":"AccessDeniedException"}',
  ]);
});

it("fails on an unexpected error while it makes the schedule", async () => {
  const user = newUser({}, { schedules: { make: () => Promise.reject(new TypeError("a bug")) } });

  await expect(user.deliver()).rejects.toThrow("a bug");
});

it("connects a user if the function makes no schedules", async () => {
  // given
  const user = newUser({}, { schedules: null });

  // when
  const result = await user.deliver();

  // then
  expect(result).toMatchObject({ outcome: "authorized" });
  expect(user.acts).toEqual(["provide desk-a after 0 calls"]);
});

it("makes one exchange of two deliveries, the second of which also makes what is missing", async () => {
  // given a first delivery that died before it made the schedule
  const secret = memorySecret();
  const first = newUser({ secret }, { schedules: { make: () => Promise.reject(new TypeError("died")) } });
  await first.deliver().catch(() => {});
  const second = newUser({ secret });

  // when
  const result = await second.deliver({ id: "run-2", nonce: "nonce-2" });

  // then
  expect(result).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(exchanges(first)).toEqual(["exchange code-1"]);
  expect(exchanges(second)).toEqual([]);
  expect(second.acts.at(-1)).toMatch(/^make desk-a after /);
});

it("makes no second exchange while another delivery is at work", async () => {
  // given
  const secret = memorySecret();
  secret.put(RECORD, recordOfPeer("12:00"), "XT_ATTEMPT");
  const user = newUser({ secret });

  // when
  const result = await user.deliver();

  // then
  expect(result).toMatchObject({ outcome: "deferred", connection: "desk-a" });
  expect(exchanges(user)).toEqual([]);
});
