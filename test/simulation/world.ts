import { LABEL } from "../../lambda/contract.ts";
import { isRecord, parseJson } from "../../lambda/rotation/json.ts";
import { Refusal } from "../../sandbox/aws-json/refusal.ts";
import type { LabelMove, Versions } from "../../sandbox/secrets-manager/versions.ts";
import { type Chronicle, createChronicle, timeOfDay } from "./chronicle.ts";
import type { Call, CallName, FaultPlan } from "./fault.ts";
import { createRandom, type Random } from "./random.ts";
import type { Run } from "./run.ts";
import { StrictSecret } from "./strict-secret.ts";
import { VirtualTime } from "./virtual-time.ts";
import { type Reuse, Xt } from "./xt.ts";

/** What a simulated world starts from. */
export interface WorldOptions {
  readonly reuse: Reuse;
  /** Jitter, latencies, staleness. @default 1 */
  readonly seed?: number | undefined;
  /** How long a request takes, in milliseconds. @default 20 for AWS, 300 for XT */
  readonly latencyMs?: ((name: CallName, random: Random) => number) | undefined;
  /** How old the state is that a read shows, in milliseconds. @default 0 */
  readonly staleByMs?: ((random: Random, name: CallName) => number) | undefined;
  /** What XT's answers claim. @default 3 hours, which make a pair due after two, and 180 days */
  readonly lifetimes?: ((random: Random) => Lifetimes) | undefined;
}

/** Fields of XT's answer, in seconds. */
export interface Lifetimes {
  readonly expires_in?: unknown;
  readonly refresh_expires_in?: unknown;
}

export type Actor = "rotation" | "person";

/** Noon, when the first watched tick comes. */
export const NOON_MS = Date.parse("2026-11-23T12:00Z");
export const SEEDED_AT_MS = NOON_MS - 6 * 60 * 60_000;

export const CLIENT_CREDENTIALS = '{"client_id":"client","client_secret":"secret"}';
const USUAL_LIFETIMES: Lifetimes = { expires_in: 3 * 60 * 60, refresh_expires_in: 180 * 24 * 60 * 60 };

/** The stores, XT and time; whatever changes in them is written into the chronicle. */
export class World {
  readonly time = new VirtualTime(SEEDED_AT_MS);
  readonly chronicle: Chronicle = createChronicle();
  readonly tokenSecret = new StrictSecret(this.time);
  /** What workloads read. */
  readonly accessTokenSecret = new StrictSecret(this.time);
  readonly runs = new Map<string, Run>();
  /** What the client secret holds. */
  clientCredentials = CLIENT_CREDENTIALS;
  /** What the escrow holds, by version id. */
  readonly escrowed = new Map<string, string>();
  readonly xt: Xt;
  readonly random: Random;
  /** Asked for each request. */
  faults: FaultPlan = () => undefined;
  /** Acts just before a request takes its effect, as a person's hand does. */
  beforeEffect: (call: Call) => void = () => undefined;
  /** Whether the secret has refused a version because it holds too many. */
  hasRefusedVersion = false;
  /** Whether nothing goes wrong any more. */
  isCalm = false;
  readonly #options: WorldOptions;
  #calls = 0;
  #hasChanged = false;
  #touchedAtMs = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.xt = new Xt(options.reuse);
    this.random = createRandom(options.seed ?? 1);
  }

  /** The token secret as it truly is. */
  get versions(): Versions {
    return this.tokenSecret.versions;
  }

  /** How old the state is that the next read shows, where no fault says otherwise. */
  staleByMs(name: CallName): number {
    return this.isCalm ? 0 : (this.#options.staleByMs?.(this.random, name) ?? 0);
  }

  get hasStaleReads(): boolean {
    return this.#options.staleByMs !== undefined;
  }

  lifetimes(): Lifetimes {
    return this.#options.lifetimes?.(this.random) ?? USUAL_LIFETIMES;
  }

  /** From now on nothing goes wrong. */
  calm(): void {
    this.isCalm = true;
    this.faults = () => undefined;
    this.beforeEffect = () => undefined;
  }

  latencyMs(name: CallName): number {
    return this.#options.latencyMs?.(name, this.random) ?? (name === "the exchange" ? 300 : 20);
  }

  /** Throws the strict secret's `Refusal`. Nothing has changed then. */
  put(by: Actor, id: string, text: string, labels: readonly string[]): void {
    try {
      this.#change(by, () => this.tokenSecret.put(id, text, labels));
    } catch (error) {
      if (error instanceof Refusal && error.code === "LimitExceededException") this.hasRefusedVersion = true;
      this.noteChange();
      throw error;
    }
  }

  /** Throws the strict secret's `Refusal`. Nothing has changed then. */
  move(by: Actor, move: LabelMove): void {
    this.#change(by, () => this.tokenSecret.move(move));
  }

  /** Writes a version of the access-token secret. Throws the strict secret's `Refusal`. */
  publish(by: Actor, id: string, text: string): void {
    this.#changePublication(by, () => this.accessTokenSecret.put(id, text, [LABEL.current]));
  }

  /** Moves a label of the access-token secret. Throws the strict secret's `Refusal`. */
  movePublication(by: Actor, move: LabelMove): void {
    this.#changePublication(by, () => this.accessTokenSecret.move(move));
  }

  /** The JSON object in a version; an empty one where there is none. */
  documentOf(versionId: string | undefined): Readonly<Record<string, unknown>> {
    return documentIn(this.textOf(versionId) ?? "");
  }

  textOf(versionId: string | undefined): string | undefined {
    return this.tokenSecret.textOf(versionId);
  }

  /** The refresh token that consumers and the next run find. */
  get currentToken(): string | undefined {
    const text = this.textOf(this.tokenSecret.current);
    return text === undefined ? undefined : refreshTokenIn(text);
  }

  /** The number, as XT counts its tokens, of the pair in use; 0 where there is no access token to publish. */
  get publishableNumber(): number {
    return this.xt.numberOf(accessTokenIn(this.textOf(this.tokenSecret.current)));
  }

  /** The same of what workloads read. */
  get publishedNumber(): number {
    return this.xt.numberOf(accessTokenIn(this.accessTokenSecret.textOf(this.accessTokenSecret.current)));
  }

  nextCall(run: string, name: CallName): Call {
    this.#calls += 1;
    return { index: this.#calls, run, name, atMs: this.time.nowMs };
  }

  /** What went before is arranged; counting and telling begin here. */
  beginWatch(): void {
    this.#calls = 0;
    this.chronicle.lines.length = 0;
    this.chronicle.moves.length = 0;
    this.chronicle.publications.length = 0;
    this.chronicle.runs.length = 0;
    this.chronicle.presentations.length = 0;
    this.chronicle.receipts.length = 0;
  }

  /** Something has happened that an invariant may speak of. */
  noteChange(): void {
    this.#hasChanged = true;
  }

  /** Whether something has, since this was last asked. */
  hasChanged(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  /** When a person acted last, in milliseconds since the epoch. */
  get touchedAtMs(): number {
    return this.#touchedAtMs;
  }

  tell(what: string): void {
    const atMs = this.time.nowMs;
    this.chronicle.lines.push(() => `${timeOfDay(atMs)}  ${what}`);
  }

  #change(by: Actor, change: () => boolean): void {
    const from = this.tokenSecret.current;
    if (!change()) return;
    if (by === "person") this.#touchedAtMs = this.time.nowMs;
    this.noteChange();
    const to = this.tokenSecret.current;
    if (to !== undefined && to !== from) this.chronicle.moves.push({ from, to, by, atMs: this.time.nowMs });
  }

  #changePublication(by: Actor, change: () => boolean): void {
    if (!change()) return;
    if (by === "person") this.#touchedAtMs = this.time.nowMs;
    this.noteChange();
    this.chronicle.publications.push({ by, to: this.accessTokenSecret.current ?? "" });
  }
}

function accessTokenIn(text: string | undefined): string {
  return /"access_token":"([^"]*)"/.exec(text ?? "")?.[1] ?? "";
}

/** What was parsed already: the invariants ask for the same texts after every step. */
const documents = new Map<string, Readonly<Record<string, unknown>>>();
const MOST_DOCUMENTS = 10_000;

function documentIn(text: string): Readonly<Record<string, unknown>> {
  const known = documents.get(text);
  if (known !== undefined) return known;
  const parsed = parseJson(text);
  const document = isRecord(parsed) ? parsed : {};
  if (documents.size >= MOST_DOCUMENTS) documents.clear();
  documents.set(text, document);
  return document;
}

/** The refresh token of a stored document, as a consumer that knows nothing else would read it. */
export function refreshTokenIn(text: string): string | undefined {
  const { refresh_token: token } = documentIn(text);
  return typeof token === "string" ? token : undefined;
}
