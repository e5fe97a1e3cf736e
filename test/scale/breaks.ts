import { connectionSecretNames, LABEL } from "../../lambda/contract.ts";
import { newVersion } from "../../sandbox/secrets-manager/version.ts";
import { addVersion } from "../../sandbox/secrets-manager/versions.ts";
import { type Fleet, GROUP, PREFIX } from "./fleet.ts";

/** One way to break a connection. */
export interface Break {
  readonly what: string;
  /** The census gives it what it lacks, or names it as unattended; or its own ticks look after it and say what is wrong. */
  readonly noticedBy: "census, which mends it" | "census, which names it" | "its ticks";
  /** Whether it shows only once the pair is due. */
  readonly isLatent?: boolean;
  readonly act: (fleet: Fleet, connection: string) => void;
  /** Whether it breaks a connection of its own. */
  readonly isByHand?: boolean;
}

const [MENDED, NAMED, TICKS] = ["census, which mends it", "census, which names it", "its ticks"] as const;

export const BREAKS: readonly Break[] = [
  { what: "schedule deleted", noticedBy: MENDED, act: (fleet, name) => fleet.account.schedules.remove(GROUP, name) },
  { what: "schedule invokes another function", noticedBy: MENDED, act: (fleet, name) => reschedule(fleet, name, true) },
  { what: "schedule disabled", noticedBy: NAMED, act: (fleet, name) => reschedule(fleet, name, false) },
  {
    what: "token secret written by hand, nothing else",
    noticedBy: MENDED,
    isByHand: true,
    act(fleet, name) {
      fleet.account.secrets.create({ name: connectionSecretNames(PREFIX, name).pair }, fleet.time.nowMs);
      write(fleet, name, JSON.stringify({ refresh_token: fleet.xt.grant(name) }));
    },
  },
  {
    what: "access-token secret deleted",
    noticedBy: MENDED,
    act: ({ account }, name) => account.secrets.forget(connectionSecretNames(PREFIX, name).accessToken),
  },
  { what: "token secret does not answer", noticedBy: NAMED, act: (fleet, name) => fail(fleet, name, "hangs") },
  { what: "token secret is denied", noticedBy: NAMED, act: (fleet, name) => fail(fleet, name, "denied") },
  { what: "token secret holds no pair", noticedBy: TICKS, act: (fleet, name) => write(fleet, name, "no pair") },
  {
    what: "XT refuses its token",
    noticedBy: TICKS,
    isLatent: true,
    act: ({ xt }, name) => xt.failing.set(name, "refused"),
  },
  {
    what: "XT throttles it always",
    noticedBy: TICKS,
    isLatent: true,
    act: ({ xt }, name) => xt.failing.set(name, "throttled"),
  },
];

function reschedule({ account: { schedules }, time }: Fleet, connection: string, isEnabled: boolean): void {
  const { target, ...schedule } = schedules.find(GROUP, connection);
  const arn = isEnabled ? "arn:aws:lambda:us-east-1:123456789012:function:other" : target.arn;
  schedules.update(GROUP, connection, { ...schedule, isEnabled, target: { ...target, arn } }, time.nowMs);
}

function fail({ account }: Fleet, connection: string, how: "hangs" | "denied"): void {
  account.failing.set(connectionSecretNames(PREFIX, connection).pair, how);
}

/** A person writes a value, which becomes the one in use. */
function write({ account: { secrets }, time: { nowMs } }: Fleet, connection: string, text: string): void {
  const version = newVersion(`${connection}-by-hand`.padEnd(32, "-"), { kind: "text", text }, nowMs);
  const { pair } = connectionSecretNames(PREFIX, connection);
  secrets.change(pair, nowMs, (versions) => addVersion(versions, version, [LABEL.current]));
}
