import { createClientSecret } from "../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import { createSsmEscrow } from "../../lambda/adapters/ssm-escrow.ts";
import type { UnknownOutcomePolicy } from "../../lambda/contract.ts";
import type { Ports } from "../../lambda/rotation/ports.ts";
import { rotate } from "../../lambda/rotation/rotate.ts";
import type { Ending, RunRecord } from "./chronicle.ts";
import { prefixOf } from "./parameter-store.ts";
import { CLIENT_SECRET, createSecretsManagerClient, TOKEN_SECRET } from "./secrets-manager.ts";
import { createTokenEndpoint, EXCHANGE_TIMEOUT_MS } from "./token-endpoint.ts";
import type { World } from "./world.ts";

/** How one delivery of one tick is carried out. */
export interface RunOptions {
  readonly policy: UnknownOutcomePolicy;
  /** The AWS request id, which duplicate deliveries share. @default the run's own */
  readonly requestId?: string;
  /** @default false */
  readonly isForced?: boolean;
  /** By how much the process's clock is ahead, in milliseconds. @default 0 */
  readonly skewMs?: number;
}

/** What the platform gives a run, as deployed. */
const RUN_MS = 120_000;

/** One process that carries out one tick with the real core and the real adapters. */
export class Run {
  readonly id: string;
  readonly record: RunRecord;
  readonly #world: World;
  #isFrozen = false;
  #disarm = () => {};

  constructor(world: World, isForced: boolean) {
    this.#world = world;
    this.id = `run-${world.runs.size + 1}`;
    this.record = { id: this.id, isForced, startedAtMs: world.time.nowMs, calls: [], fences: [] };
    world.runs.set(this.id, this);
    world.chronicle.runs.push(this.record);
  }

  /** Nothing can be told to it any more. */
  get isOver(): boolean {
    return this.record.ending !== undefined || this.#isFrozen;
  }

  get isAtWork(): boolean {
    return this.record.ending === undefined;
  }

  /** Carries out a tick. Whatever becomes of it is in its record. */
  start({ policy, requestId = this.id, isForced = false, skewMs = 0 }: RunOptions): void {
    const world = this.#world;
    this.#disarm = world.time.after(RUN_MS, "the platform", () => this.end("timed out"));
    const clock = { now: () => world.time.nowMs + skewMs };
    const client = createSecretsManagerClient(world, this);
    const ports: Ports = {
      clock,
      store: createSecretsManagerStore(client, TOKEN_SECRET, clock, ignore),
      escrow: createSsmEscrow({ prefix: prefixOf(this.id), keyId: undefined }, clock, ignore),
      clientSecret: createClientSecret(client, CLIENT_SECRET, ignore),
      endpoint: createTokenEndpoint(world, this),
      log: { warn: (message) => world.tell(`${this.id}  warns: ${message}`) },
      gauge: { saw: () => undefined },
    };
    const run = {
      id: requestId,
      nonce: this.id,
      deadlineAtMs: clock.now() + RUN_MS,
      exchangeTimeoutMs: EXCHANGE_TIMEOUT_MS,
    };
    const names = { tokenSecretId: TOKEN_SECRET, clientSecretId: CLIENT_SECRET };
    world.tell(`${this.id}  starts${isForced ? ", forced" : ""}`);
    rotate(ports, { names, run, force: isForced, unknownOutcomePolicy: policy }).then(
      ({ outcome, reason, nextRenewalAt }) => {
        if (nextRenewalAt !== null) this.record.nextRenewalAtMs = Date.parse(nextRenewalAt);
        this.end(`${outcome}: ${reason.split(":")[0]}`);
      },
      (error: unknown) => this.end(error instanceof Error ? error.name : "a thrown value"),
    );
  }

  /** The first ending counts: a dead process returns nothing. */
  end(ending: Ending): void {
    if (!this.isAtWork) return;
    if (this.#isFrozen && ending !== "timed out") return;
    this.record.ending = ending;
    this.record.endedAtMs = this.#world.time.nowMs;
    this.#world.noteChange();
    this.#disarm();
    this.#world.tell(`${this.id}  ends: ${ending}`);
  }

  /** Stands still; the platform ends it at its deadline. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** A pair from XT has arrived. */
  receive(token: string): void {
    this.#world.noteChange();
    this.#world.chronicle.receipts.push({ run: this.record, token, isAcknowledged: false });
  }

  /** A store has told this run that it holds the pair. */
  acknowledge(token: string | undefined): void {
    this.#world.noteChange();
    for (const receipt of this.#world.chronicle.receipts) {
      if (receipt.token === token) receipt.isAcknowledged = true;
    }
  }
}

function ignore(): void {}
