import { versionIdOf } from "../../lambda/adapters/version-id.ts";
import { connectionSecretNames, type FunctionEvent, LABEL } from "../../lambda/contract.ts";
import { newVersion } from "../../sandbox/secrets-manager/version.ts";
import { Fleet, GROUP, PREFIX, scheduleOf } from "./fleet.ts";

/** What one event about many connections takes. */
export interface Measured {
  readonly title: string;
  readonly connections: number;
  readonly calls: ReadonlyMap<string, number>;
  /** By the times that requests are taken to last. */
  readonly seconds: number;
  /** Its processor time, as a multiple of that of an idle tick. */
  readonly ticks: number;
  /** How much memory it holds at once, at most. */
  readonly peakMiB: number;
}

/** How often the memory is looked at. Each look collects the garbage first. */
const LOOKS = 12;

/** Measures the census, the list of names and the states of 200, among so many connections that are well and not due. */
export async function measureEvents(connections: number): Promise<readonly Measured[]> {
  const fleet = new Fleet();
  return fleet.run(async () => {
    const names = Array.from({ length: connections }, (_, index) => `user-${index}`);
    for (const name of names) settle(fleet, name);
    // Thrown away: code is slow until it is compiled.
    for (const connection of [...names, ...names].slice(0, 2_000)) await fleet.alone({ connection });
    const ticking = names.slice(0, 1_000);
    const ticksUs = await processorUsOf(async () => {
      for (const connection of ticking) await fleet.alone({ connection });
    });
    const measured: Measured[] = [];
    for (const [title, event] of [
      ["census", { census: true }],
      ["names of all", { connections: {} }],
      ["states of 200", { connections: names.slice(0, 200) }],
    ] as const) {
      measured.push({ title, connections, ...(await measure(fleet, event, ticksUs / ticking.length)) });
    }
    return measured;
  });
}

/** Both secrets and the schedule, as a renewal leaves them. */
function settle({ account: { secrets, schedules }, time: { nowMs } }: Fleet, connection: string): void {
  const names = connectionSecretNames(PREFIX, connection);
  const { arn } = secrets.create({ name: names.pair }, nowMs);
  const origin = { parent: "0".repeat(64), attempt: 1 };
  const version = (kind: "attempt" | "issued", value: object) =>
    newVersion(versionIdOf({ arn, kind, ...origin }), { kind: "text", text: JSON.stringify(value) }, nowMs);
  const [issuedAt, expiresAt] = [nowMs, nowMs + 24 * 60 * 60_000].map((atMs) => new Date(atMs).toISOString());
  // As long as XT's tokens are.
  const tokens = { access_token: "a".repeat(600), refresh_token: "r".repeat(600) };
  const attempt = version("attempt", {});
  const pair = version("issued", { schema: 1, ...tokens, ...origin, issued_at: issuedAt, expires_at: expiresAt });
  const labels = { [LABEL.attempt]: attempt, [LABEL.issued]: pair, [LABEL.current]: pair };
  secrets.change(names.pair, nowMs, () => ({
    byId: new Map([attempt, pair].map((each) => [each.id, each])),
    holders: new Map(Object.entries(labels).map(([label, { id }]) => [label, id])),
  }));
  secrets.create({ name: names.accessToken, version: pair }, nowMs);
  schedules.create(GROUP, connection, scheduleOf({ connection }), nowMs);
}

/** Twice: looking at the memory takes processor time. */
async function measure(fleet: Fleet, event: FunctionEvent, tickUs: number) {
  const { account, time } = fleet;
  account.calls.clear();
  account.listingUs = 0;
  const beganAtMs = time.nowMs;
  const allUs = await processorUsOf(() => fleet.alone(event));
  const taken = { seconds: (time.nowMs - beganAtMs) / 1_000, ticks: (allUs - account.listingUs) / tickUs };
  const calls = new Map(account.calls);
  // What the event gave up on holds memory until it is answered.
  await fleet.finish();
  const every = Math.ceil([...calls.values()].reduce((sum, each) => sum + each, 0) / LOOKS);
  const before = liveBytes();
  let [peak, asked] = [before, 0];
  account.onRequest = () => {
    asked += 1;
    if (asked % every === 0) peak = Math.max(peak, liveBytes());
  };
  await fleet.alone(event);
  account.onRequest = () => {};
  return { ...taken, calls, peakMiB: (peak - before) / 2 ** 20 };
}

async function processorUsOf(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function liveBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
