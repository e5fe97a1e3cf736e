import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Census } from "../../lambda/connections.ts";
import { ENVIRONMENT, type FunctionEvent, type RotationResult } from "../../lambda/contract.ts";
import { handler } from "../../lambda/handler.ts";
import type { ScheduleSettings } from "../../sandbox/scheduler/schedules.ts";
import { newVersion } from "../../sandbox/secrets-manager/version.ts";
import { inVirtualTime, replace } from "../simulation/in-virtual-time.ts";
import { createRandom } from "../simulation/random.ts";
import { inOrder, quiescence, VirtualTime } from "../simulation/virtual-time.ts";
import { Account } from "./account.ts";
import { CLIENT, Xt } from "./xt.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const BEGINS_AT_MS = Date.parse("2026-11-23T00:00Z");

export const PREFIX = "xt-token-rotation/";
export const GROUP = "rotation";
const FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:rotation:live";
const ROLE_ARN = "arn:aws:iam::123456789012:role/schedule";
const TIMEOUT_MS = 2 * MINUTE_MS;
/** Ticks are drawn up for so long at a time. No schedule is faster. */
const SLOT_MS = 5 * MINUTE_MS;

const SETTINGS = {
  [ENVIRONMENT.tokenSecretId]: "default-pair",
  [ENVIRONMENT.clientSecretId]: "client",
  [ENVIRONMENT.accessTokenSecretId]: "default-access-token",
  [ENVIRONMENT.baseUrl]: "https://xt.example",
  [ENVIRONMENT.escrowParameterPrefix]: "/escrow/",
  [ENVIRONMENT.connectionPrefix]: PREFIX,
  [ENVIRONMENT.scheduleGroupName]: GROUP,
  [ENVIRONMENT.scheduleRoleArn]: ROLE_ARN,
  [ENVIRONMENT.tickSchedule]: "rate(15 minutes)",
  AWS_REGION: "us-east-1",
};

/** One renewal. Times are milliseconds since the epoch; `dueAtMs` is what the result before it announced. */
export interface Renewal {
  readonly connection: string;
  readonly atMs: number;
  readonly dueAtMs: number;
}

/** A schedule as the stack makes its own. */
export function scheduleOf(event: FunctionEvent, expression = "rate(15 minutes)"): ScheduleSettings {
  const retries = { deadLetterArn: undefined, maximumEventAgeInSeconds: 300, maximumRetryAttempts: 2 };
  const target = { arn: FUNCTION_ARN, roleArn: ROLE_ARN, input: JSON.stringify(event), ...retries };
  return { description: undefined, expression, timeZone: "UTC", isEnabled: true, flexibleMinutes: undefined, target };
}

/** The real handler as the one function of an account in memory, with its schedules, over simulated time. */
export class Fleet {
  readonly time = new VirtualTime(BEGINS_AT_MS);
  readonly account = new Account(this.time);
  readonly xt = new Xt(this.time);
  readonly random = createRandom(1);
  readonly renewals: Renewal[] = [];
  readonly censuses: { readonly atMs: number; readonly census: Census }[] = [];
  /** How often an event ended how. */
  readonly endings = new Map<string, number>();
  /** When a tick of a connection first said that something is wrong. */
  readonly complaints = new Map<string, number>();
  /** When the renewal of each connection is announced for. */
  readonly dueAtMs = new Map<string, number>();
  #late: { readonly atMs: number; readonly event: string }[] = [];

  constructor() {
    const { secrets, schedules } = this.account;
    const text = JSON.stringify({ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret });
    const version = newVersion("1".repeat(32), { kind: "text", text }, BEGINS_AT_MS);
    secrets.create({ name: "client", version }, BEGINS_AT_MS);
    for (const name of ["default-pair", "default-access-token"]) secrets.create({ name }, BEGINS_AT_MS);
    schedules.createGroup(GROUP);
    schedules.create(GROUP, "census", scheduleOf({ census: true }, "rate(1 hour)"), BEGINS_AT_MS);
  }

  /** Lets the handler, the SDK and `node:https` live in this fleet's time and account while `act` runs. Nothing is printed meanwhile. */
  async run<Result>(act: () => Promise<Result>): Promise<Result> {
    Object.assign(process.env, SETTINGS);
    const { send } = this.account;
    return inVirtualTime(this.time, this.random, send as never, async () => {
      const restore = [
        replace(Date, "now", () => this.time.nowMs),
        replace(SecretsManagerClient.prototype, "send", send),
        replace(SchedulerClient.prototype, "send", send),
        replace(https, "request", this.xt.request),
        replace(process.stdout, "write", () => true),
        replace(process.stderr, "write", () => true),
      ];
      syncBuiltinESMExports();
      try {
        return await act();
      } finally {
        for (const giveBack of restore) giveBack();
        syncBuiltinESMExports();
      }
    });
  }

  /** Lets the schedules send their events until then. */
  async live(untilMs: number): Promise<void> {
    for (let slotMs = this.time.nowMs; slotMs < untilMs; slotMs += SLOT_MS) {
      const endsAtMs = Math.min(slotMs + SLOT_MS, untilMs);
      const due = [...this.#late, ...this.#dueBetween(slotMs, endsAtMs)].sort((one, other) => one.atMs - other.atMs);
      this.#late = due.filter(({ atMs }) => atMs >= endsAtMs);
      for (const { atMs, event } of due.slice(0, due.length - this.#late.length)) {
        await this.#passTo(atMs);
        void this.invoke(JSON.parse(event));
      }
      await this.#passTo(endsAtMs);
    }
  }

  /** Lets what has begun come to its end, and nothing begin. */
  async finish(): Promise<void> {
    while (Number.isFinite(this.time.nextMs)) await this.time.step(inOrder);
  }

  /** Lets one event run to its end while nothing else goes on. */
  async alone(event: FunctionEvent): Promise<void> {
    let isOver = false;
    void this.invoke(event).finally(() => {
      isOver = true;
    });
    await quiescence();
    while (!isOver) await this.time.step(inOrder);
  }

  /** Invokes the function and keeps what it answers. Never rejects. */
  async invoke(event: FunctionEvent): Promise<void> {
    const context = { functionName: "rotation", invokedFunctionArn: FUNCTION_ARN, awsRequestId: crypto.randomUUID() };
    const endsAtMs = this.time.nowMs + TIMEOUT_MS;
    const getRemainingTimeInMillis = () => endsAtMs - this.time.nowMs;
    let ending = Object.keys(event).find((key) => key !== "connection") ?? "tick";
    try {
      const answer = await handler(event, { ...context, getRemainingTimeInMillis } as Parameters<typeof handler>[1]);
      if ("mended" in answer) this.censuses.push({ atMs: this.time.nowMs, census: answer });
      if ("outcome" in answer) {
        ending += ` ${answer.reason.split(":")[0]}`;
        this.#note(answer);
      }
    } catch (error) {
      ending += ` ${error instanceof Error ? error.name : "unknown"}`;
      if ("connection" in event) this.#complain(event.connection ?? "");
    }
    this.endings.set(ending, (this.endings.get(ending) ?? 0) + 1);
  }

  #note({ outcome, connection, nextRenewalAt }: RotationResult): void {
    const { nowMs: atMs } = this.time;
    if (outcome === "halted" || outcome === "deferred") this.#complain(connection);
    if (outcome === "rotated") this.renewals.push({ connection, atMs, dueAtMs: this.dueAtMs.get(connection) ?? 0 });
    if (outcome !== "idle" && nextRenewalAt !== null) this.dueAtMs.set(connection, Date.parse(nextRenewalAt));
  }

  #complain(connection: string): void {
    if (!this.complaints.has(connection)) this.complaints.set(connection, this.time.nowMs);
  }

  async #passTo(atMs: number): Promise<void> {
    await quiescence();
    while (this.time.nextMs <= atMs) await this.time.step(inOrder);
    this.time.skipTo(atMs);
  }

  /** Each schedule begins when it is made, and may be late by its window. */
  *#dueBetween(fromMs: number, toMs: number) {
    for (const { isEnabled, createdAtMs, expression, flexibleMinutes = 0, target } of this.account.schedules.list()) {
      const everyMs = expression === "rate(1 hour)" ? HOUR_MS : 15 * MINUTE_MS;
      const dueAtMs = createdAtMs + Math.max(1, Math.ceil((fromMs - createdAtMs) / everyMs)) * everyMs;
      // One that invokes another function sends it nothing that concerns us.
      if (!isEnabled || dueAtMs >= toMs || target.arn !== FUNCTION_ARN) continue;
      yield { atMs: dueAtMs + this.random.next() * flexibleMinutes * MINUTE_MS, event: target.input ?? "{}" };
    }
  }
}
