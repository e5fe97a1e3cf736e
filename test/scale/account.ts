import type { Input } from "../../sandbox/aws-json/fields.ts";
import { Refusal } from "../../sandbox/aws-json/refusal.ts";
import { OPERATIONS as OF_PARAMETER_STORE } from "../../sandbox/parameter-store/operations.ts";
import { Parameters } from "../../sandbox/parameter-store/parameters.ts";
import { OPERATIONS as OF_SCHEDULER } from "../../sandbox/scheduler/operations.ts";
import { Schedules } from "../../sandbox/scheduler/schedules.ts";
import { OPERATIONS as OF_SECRETS_MANAGER } from "../../sandbox/secrets-manager/operations.ts";
import { RequestQuotas } from "../../sandbox/secrets-manager/request-quotas.ts";
import { Secrets } from "../../sandbox/secrets-manager/secrets.ts";
import { StaleReads } from "../../sandbox/secrets-manager/stale-reads.ts";
import { attemptMs } from "../simulation/in-virtual-time.ts";
import { exceptionFor } from "../simulation/secrets-manager.ts";
import type { VirtualTime } from "../simulation/virtual-time.ts";
import { Rate } from "./rate.ts";

/** A command of the SDK, of whichever service. */
interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Input;
}

/** How long requests take, in milliseconds. Estimates: the length of a census depends on the list's. */
const TAKES_MS = { read: 10, list: 100, write: 30 } as const;

/** An AWS account in memory: the rules and quotas of the stand-ins without their wire, and what was asked for. */
export class Account {
  readonly schedules = new Schedules();
  readonly calls = new Map<string, number>();
  /** Writes of secrets' values and labels. */
  readonly writes = new Rate(1_000);
  throttled = 0;
  /** What becomes of all requests for these secrets, by name. */
  readonly failing = new Map<string, "hangs" | "denied">();
  onRequest: () => void = () => {};
  /** Processor time that lists cost here and not in the function, in microseconds. */
  listingUs = 0;
  readonly secrets = new Secrets(1);
  readonly #time: VirtualTime;
  readonly #others = { staleReads: new StaleReads(), quotas: new RequestQuotas(), parameters: new Parameters() };

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** What every client of the SDK sends through. */
  readonly send = (command: Command, options?: { readonly abortSignal?: AbortSignal }): Promise<object> => {
    const { input } = command;
    const operation = command.constructor.name.slice(0, -"Command".length);
    const kind = operation.startsWith("List") ? "list" : /^(Get|Describe)/.test(operation) ? "read" : "write";
    const failure = this.failing.get(String(input["SecretId"]));
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
    this.onRequest();
    return new Promise((resolve, reject) => {
      this.#time.after(failure === "hangs" ? attemptMs(options?.abortSignal) : TAKES_MS[kind], operation, () => {
        const before = kind === "list" ? process.cpuUsage() : undefined;
        try {
          if (failure === "hangs") throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
          if (failure === "denied") throw new Refusal("AccessDeniedException", "not authorized");
          const answer = this.#carryOut(operation, input);
          if (before) this.listingUs += process.cpuUsage(before).user;
          resolve(withDates(answer));
        } catch (error) {
          if (error instanceof Refusal && error.code === "ThrottlingException") this.throttled += 1;
          reject(exceptionFor(error));
        }
      });
    });
  };

  #carryOut(operation: string, input: Input): object {
    const { secrets, schedules } = this;
    const { nowMs } = this.#time;
    if (/^(PutSecretValue|UpdateSecretVersionStage)$/.test(operation)) this.writes.count(nowMs);
    const all = { secrets, schedules, nowMs, ...this.#others };
    const carryOut: ((input: Input, world: typeof all) => object) | undefined =
      OF_SECRETS_MANAGER[operation] ?? OF_SCHEDULER[operation] ?? OF_PARAMETER_STORE[operation];
    if (carryOut === undefined) throw new Error(`the account knows no ${operation}`);
    return carryOut(input, all);
  }
}

/** Times as the SDK gives them out. */
function withDates(answer: object): object {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, dated(name, value)]));
}

function dated(name: string, value: unknown): unknown {
  if (name.endsWith("Date") && typeof value === "number") return new Date(value * 1_000);
  return Array.isArray(value) ? value.map((each) => (typeof each === "object" ? withDates(each) : each)) : value;
}
