import type { RotationResult } from "../../lambda/contract.ts";
import type { Facts } from "../../lambda/rotation/facts.ts";
import type { Escrow, Ports, StoredValue, TokenAnswer, TokenStore } from "../../lambda/rotation/ports.ts";
import { type Request, rotate } from "../../lambda/rotation/rotate.ts";
import { answered, at, stored } from "./given.ts";
import { memoryEscrow } from "./memory-escrow.ts";
import { type MemorySecret, memorySecret, memoryStore } from "./memory-store.ts";

/** What XT answers where all is well. The pair's life of three hours has it due at 14:00 if it came at noon. */
export const GRANT = answered(
  200,
  '{"rc":0,"mc":"SUCCESS","ma":[],"result":' +
    '{"access_token":"access-2","refresh_token":"refresh-2","expires_in":10800,"refresh_expires_in":21600}}',
);

/** Arranges what a run meets. By default: the seeded pair as AWSCURRENT `v1`, due at noon, noon, and a willing XT. */
export interface Scene {
  readonly secret?: MemorySecret;
  readonly time?: string;
  readonly answer?: TokenAnswer;
  /** Happens while XT answers. */
  readonly during?: (secret: MemorySecret) => void;
  readonly probe?: TokenAnswer;
  /** Takes the place of what the store does. */
  readonly store?: Partial<TokenStore>;
  /** Takes the place of what the escrow does. */
  readonly escrow?: Partial<Escrow>;
  readonly readClientSecret?: () => Promise<StoredValue | undefined>;
}

export interface World {
  readonly secret: MemorySecret;
  /** What the escrow holds. */
  readonly escrowed: Map<string, string>;
  readonly ports: Ports;
  /** Every call to a port but the clock's, in order, with what tells it from its like. */
  readonly calls: readonly string[];
  /** What was logged, as text. */
  readonly warnings: readonly string[];
  /** The facts that the run told, oldest first. */
  readonly seen: readonly Facts[];
  /** A request to rotate whose run has two minutes left. */
  request(fields?: Partial<Request>): Request;
}

/** A token secret that holds the seeded pair. */
export function seededSecret(): MemorySecret {
  const secret = memorySecret();
  secret.put(
    "v1",
    '{"access_token":"access-1","expires_at":"2026-11-23T15:00Z","refresh_token":"refresh-1"}',
    "AWSCURRENT",
  );
  return secret;
}

/** The record of attempt `attempt` on `v1` by another run, which started at this time and had two minutes. */
export function recordOfPeer(time: string, attempt = 1): string {
  const deadline = new Date(at(time) + 120_000).toISOString();
  const began = new Date(at(time)).toISOString();
  return (
    `{"schema":1,"kind":"attempt","parent":"v1","attempt":${attempt},"run":"run-0","nonce":"nonce-0",` +
    `"started_at":"${began}","deadline_at":"${deadline}"}`
  );
}

/** The pair that attempt `attempt` on `parent` bought at noon. */
export function issuedDocument(parent: string, attempt = 1): string {
  return (
    '{"schema":1,"access_token":"access-9","expires_at":"2026-11-23T18:00:00.000Z","refresh_token":"refresh-9",' +
    `"issued_at":"2026-11-23T12:00:00.000Z","parent":"${parent}","attempt":${attempt}}`
  );
}

export function createWorld(scene: Scene = {}): World {
  const { secret = seededSecret(), time = "12:00", answer = GRANT } = scene;
  const readClientSecret =
    scene.readClientSecret ?? (async () => stored('{"client_id":"client-1","client_secret":"secret-1"}', "c1"));
  const calls: string[] = [];
  const warnings: string[] = [];
  const seen: Facts[] = [];
  const escrowed = new Map<string, string>();
  const ports: Ports = {
    clock: { now: () => at(time) },
    store: recorded({ ...memoryStore(secret), ...scene.store }, calls),
    escrow: recordedEscrow({ ...memoryEscrow(escrowed), ...scene.escrow }, calls),
    clientSecret: {
      id: "client-secret",
      read() {
        calls.push("credentials");
        return readClientSecret();
      },
    },
    endpoint: {
      async exchange(_credentials, grant) {
        const presented = "refreshToken" in grant ? grant.refreshToken : grant.authorizationCode;
        calls.push(`exchange ${presented.reveal()}`);
        scene.during?.(secret);
        return answer;
      },
      probe: async () => scene.probe ?? { ...answered(200, '{"rc":1,"mc":"FAILURE"}'), dateMs: at(time) },
    },
    announcer: {
      async announce(type) {
        calls.push(`announce ${type}`);
      },
    },
    log: {
      warn(message, fields) {
        calls.push("warn");
        warnings.push(`${message} ${JSON.stringify(fields)}`);
      },
    },
  };
  const run = { id: "run-1", nonce: "nonce-1", deadlineAtMs: at(time) + 120_000, exchangeTimeoutMs: 20_000 };
  return {
    secret,
    escrowed,
    ports,
    calls,
    warnings,
    seen,
    request: (fields) => ({
      connection: "default",
      run,
      force: false,
      unknownOutcomePolicy: "replay",
      onFacts: (facts) => void seen.push(facts),
      ...fields,
    }),
  };
}

/** One tick in this world. */
export async function tick({ ports, request }: World, fields?: Partial<Request>): Promise<RotationResult> {
  return (await rotate(ports, request(fields))).result;
}

function recordedEscrow(escrow: Escrow, calls: string[]): Escrow {
  return {
    keep(id, pair, untilMs, isNeeded) {
      calls.push(`keep ${id}`);
      return escrow.keep(id, pair, untilMs, isNeeded);
    },
    list() {
      calls.push("listEscrow");
      return escrow.list();
    },
    find(id) {
      calls.push(`find ${id}`);
      return escrow.find(id);
    },
    discard(id) {
      calls.push(`discard ${id}`);
      return escrow.discard(id);
    },
  };
}

function recorded(store: TokenStore, calls: string[]): TokenStore {
  function noted<T>(call: string, result: () => T): T {
    calls.push(call);
    return result();
  }
  return {
    versionId: store.versionId,
    describe: () => noted("describe", () => store.describe()),
    readCurrent: () => noted("readCurrent", () => store.readCurrent()),
    readVersion: (id) => noted(`readVersion ${id}`, () => store.readVersion(id)),
    fence: (id, record, untilMs) => noted(`fence ${id}`, () => store.fence(id, record, untilMs)),
    voidIssued: (id, record) => noted(`voidIssued ${id}`, () => store.voidIssued(id, record)),
    stage: (id, pair, untilMs, onTrouble) => noted(`stage ${id}`, () => store.stage(id, pair, untilMs, onTrouble)),
    mark: (label, id, holder) => noted(`mark ${label} ${id}`, () => store.mark(label, id, holder)),
    list: () => noted("list", () => store.list()),
    proveWrites: () => noted("proveWrites", () => store.proveWrites()),
    moveCurrent: (from, to) => noted(`moveCurrent ${from} ${to}`, () => store.moveCurrent(from, to)),
  };
}

/** A dead run whose pair only the escrow took. */
export function worldWithEscrowedPair(scene: Scene = {}): World {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:15", ...scene });
  world.escrowed.set("issued-1-of-v1", issuedDocument("v1"));
  return world;
}
