import { createAccessTokenStore } from "../../lambda/adapters/access-token-store.ts";
import { createClientSecret } from "../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import type { RotationResult, Severity, UnknownOutcomePolicy } from "../../lambda/contract.ts";
import type { Inspection } from "../../lambda/inspection.ts";
import { authorize } from "../../lambda/rotation/authorize.ts";
import { RotationError } from "../../lambda/rotation/errors.ts";
import type { Run as RunOfCore } from "../../lambda/rotation/fence.ts";
import { inspect } from "../../lambda/rotation/inspect.ts";
import type { Ports } from "../../lambda/rotation/ports.ts";
import { putKeptPairInUse } from "../../lambda/rotation/put-in-use.ts";
import { rotate } from "../../lambda/rotation/rotate.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { Ending, Errand, RunRecord } from "./chronicle.ts";
import { escrowOf } from "./parameter-store.ts";
import { ACCESS_TOKEN_SECRET, CLIENT_SECRET, createSecretsManagerClient, TOKEN_SECRET } from "./secrets-manager.ts";
import { createTokenEndpoint, EXCHANGE_TIMEOUT_MS } from "./token-endpoint.ts";
import type { Actor, World } from "./world.ts";

/** How one delivery of one event is carried out. */
export interface RunOptions {
  readonly policy: UnknownOutcomePolicy;
  /** The AWS request id, which duplicate deliveries share. @default the run's own */
  readonly requestId?: string;
  /** By how much the process's clock is ahead, in milliseconds. @default 0 */
  readonly skewMs?: number;
}

/** What the platform gives a run, as deployed. */
const RUN_MS = 120_000;
/** Longer than any attempt counts as at work: two minutes to its deadline, and ten. */
const SUSPENSION_MS = 20 * 60_000;
const CONNECTION = "default";

/** One process that carries out one event with the real core and the real adapters. */
export class Run {
  readonly id: string;
  readonly record: RunRecord;
  readonly #world: World;
  #isFrozen = false;
  #wakesAtMs = 0;
  #disarm = () => {};

  constructor(world: World, errand: Errand) {
    this.#world = world;
    this.id = `run-${world.runs.size + 1}`;
    const startedAtMs = world.time.nowMs;
    this.record = {
      id: this.id,
      errand,
      startedAtMs,
      startedOn: world.publishableNumber,
      calls: [],
      answered: new Set(),
      fences: [],
      isDisturbed: false,
      isSuspended: false,
      says: "",
    };
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

  /** A tick moves AWSCURRENT by itself, everything else because a person wants it. */
  get actor(): Actor {
    return this.record.errand.kind === "tick" ? "rotation" : "person";
  }

  /** Carries out its errand. Whatever becomes of it is in its record. */
  start({ policy, requestId = this.id, skewMs = 0 }: RunOptions): void {
    const world = this.#world;
    const { record } = this;
    this.#armPlatform();
    const clock = { now: () => world.time.nowMs + skewMs };
    const client = createSecretsManagerClient(world, this);
    const ports: Ports = {
      clock,
      store: createSecretsManagerStore(client, TOKEN_SECRET, clock, ignore),
      escrow: escrowOf(this.id, clock),
      accessTokens: createAccessTokenStore(client, ACCESS_TOKEN_SECRET, ignore),
      clientSecret: createClientSecret(client, CLIENT_SECRET, ignore),
      endpoint: createTokenEndpoint(world, this),
      announcer: { announce: async () => undefined },
      log: { warn: (message) => world.tell(`${this.id}  warns: ${message}`) },
    };
    const run = {
      id: requestId,
      nonce: this.id,
      deadlineAtMs: clock.now() + RUN_MS,
      exchangeTimeoutMs: EXCHANGE_TIMEOUT_MS,
    };
    world.tell(`${this.id}  starts: ${inWords(record.errand)}`);
    carryOut(ports, record.errand, run, policy).then(
      ({ result, severity, inspection }) => {
        if (inspection !== undefined) {
          record.inspection = inspection;
          this.end(`inspected: ${inspection.verdict.code}`, inspection.verdict.message);
          return;
        }
        const { outcome, reason, nextRenewalAt } = result;
        if (nextRenewalAt !== null) record.nextRenewalAtMs = Date.parse(nextRenewalAt);
        this.end(`${outcome}: ${reason.split(":")[0]}`, reason, severity);
      },
      (error: unknown) => {
        if (error instanceof RotationError) this.end(error.name, error.message, error.severity);
        else this.end(error instanceof Error ? `unforeseen: ${error.stack}` : "a thrown value");
      },
    );
  }

  /** The first ending counts: a dead process returns nothing. */
  end(ending: Ending, says = "", severity?: Severity): void {
    if (!this.isAtWork) return;
    if (this.#isFrozen && ending !== "timed out") return;
    Object.assign(this.record, { ending, says, severity, endedAtMs: this.#world.time.nowMs });
    this.#world.noteChange();
    this.#disarm();
    this.#world.tell(`${this.id}  ends: ${ending}`);
  }

  /** Stands still; the platform ends it at its deadline. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Stands still, unseen by the platform, and goes on long after its deadline. */
  suspend(): void {
    this.#disarm();
    this.record.isSuspended = true;
    this.#wakesAtMs = this.#world.time.nowMs + SUSPENSION_MS;
    this.#world.time.after(SUSPENSION_MS, "the platform", () => this.#armPlatform());
  }

  get standsStillForMs(): number {
    return Math.max(0, this.#wakesAtMs - this.#world.time.nowMs);
  }

  /** A pair from XT has arrived. */
  receive(token: string): void {
    this.#world.noteChange();
    this.#world.chronicle.receipts.push({ run: this.record, token });
  }

  /** A store has told this run that it holds the pair. */
  acknowledge(token: string | undefined): void {
    this.#world.noteChange();
    for (const receipt of this.#world.chronicle.receipts) {
      if (receipt.token === token) receipt.acknowledgedAtMs ??= this.#world.time.nowMs;
    }
  }

  #armPlatform(): void {
    this.#disarm = this.#world.time.after(RUN_MS, "the platform", () => this.end("timed out"));
  }
}

type Answer =
  | { readonly result: RotationResult; readonly severity?: Severity; readonly inspection?: undefined }
  | { readonly inspection: Inspection; readonly result?: undefined; readonly severity?: undefined };

async function carryOut(ports: Ports, errand: Errand, run: RunOfCore, policy: UnknownOutcomePolicy): Promise<Answer> {
  switch (errand.kind) {
    case "tick":
      return rotate(ports, { connection: CONNECTION, run, force: errand.isForced, unknownOutcomePolicy: policy });
    case "authorization": {
      const code = new Sensitive(errand.code);
      return { result: await authorize(ports, { connection: CONNECTION, run, code, replaceAccount: false }) };
    }
    case "promotion":
      return { result: await putKeptPairInUse(ports, CONNECTION, run, errand.versionId) };
    case "inspection": {
      const settings = {
        version: "0",
        tokenSecretId: TOKEN_SECRET,
        clientSecretId: CLIENT_SECRET,
        baseUrl: "https://xt.example",
        unknownOutcomePolicy: policy,
        exchangeTimeoutMs: EXCHANGE_TIMEOUT_MS,
        escrowParameterPrefix: "/escrow/",
      };
      const asked = { connection: CONNECTION, unknownOutcomePolicy: policy, settings };
      return { inspection: await inspect(ports, asked) };
    }
  }
}

export function inWords(errand: Errand): string {
  return errand.kind === "tick" && errand.isForced
    ? "a forced tick"
    : `a${errand.kind.match(/^[ai]/) ? "n" : ""} ${errand.kind}`;
}

function ignore(): void {}
