import type { UnknownOutcomePolicy, Verdict } from "../contract.ts";
import type { InspectedPair, Inspection } from "../inspection.ts";
import { readAttemptRecord } from "./attempt-record.ts";
import { examine } from "./examine.ts";
import type { Facts } from "./facts.ts";
import { type JudgedPair, judgePairs, type KeptPair } from "./kept-pairs.ts";
import { readCredentials } from "./observe.ts";
import { isoTime, readPair } from "./pair-document.ts";
import type { Ports, StoredValue } from "./ports.ts";
import { renewAtMs } from "./renewal.ts";
import { StoreUnavailable } from "./store-errors.ts";
import { survey } from "./survey.ts";

/** What an inspection is asked, and what it repeats. */
export interface Inspecting {
  readonly connection: string;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  readonly settings: Omit<Inspection["settings"], "clientId">;
}

/** Reads everything and changes nothing. Says what a tick would do now, how bad it is, and what to type. */
export async function inspect(ports: Ports, inspecting: Inspecting): Promise<Inspection> {
  const { connection, settings } = inspecting;
  const nowMs = ports.clock.now();
  const [state, checks] = await Promise.all([survey(ports, inspecting, nowMs), examine(ports, settings)]);
  const kept = await readKeptPairs(ports, settings, state.facts, nowMs);
  const { facts } = state;
  // A connection without a token secret has no facts, but `authorize` needs the client id for its link.
  const credentials = facts?.clientCredentials ?? (await readCredentials(ports.clientSecret));
  const verdict = withKeptPairs(state.verdict, kept.pairs, nowMs);
  const attempt = facts?.attempt;
  return {
    schema: 1,
    connection,
    checkedAt: isoTime(nowMs) ?? "",
    verdict,
    tick: state.tick,
    settings: {
      ...settings,
      clientId: credentials?.kind === "credentials" ? asId(credentials.credentials.clientId.reveal()) : null,
    },
    labels: Object.fromEntries(state.labels),
    current: kept.pairs.find(({ use }) => use === "in-use") ?? null,
    attempt:
      attempt === undefined
        ? null
        : {
            versionId: attempt.versionId,
            attempt: attempt.record.attempt,
            state: attempt.state,
            startedAt: isoTime(attempt.record.startedAtMs) ?? "",
            deadlineAt: isoTime(attempt.record.deadlineAtMs) ?? "",
          },
    pairs: kept.pairs,
    escrow: kept.escrow,
    checks: state.isGone ? checks.filter(({ name }) => !ITS_SECRETS.includes(name)) : checks,
  };
}

/** Checks that are left out if the connection does not exist: the verdict says it already. */
const ITS_SECRETS = ["token-secret", "access-token-secret"];

/** A pair that is kept and that no tick puts in use may be the way out, or the newest one. */
function withKeptPairs(verdict: Verdict, pairs: readonly InspectedPair[], nowMs: number): Verdict {
  const promotable = pairs.filter(({ use }) => use === "promotable");
  if (verdict.next === "recover" && promotable.length === 0) return { ...verdict, next: "authorize" };
  if (verdict.next === "authorize" && promotable.length > 0 && verdict.code !== "not-seeded") {
    return { ...verdict, next: "recover" };
  }
  const bornAt = (pair: InspectedPair | undefined) => pair?.issuedAt ?? pair?.createdAt ?? isoTime(nowMs) ?? "";
  const inUse = pairs.find(({ use }) => use === "in-use");
  const newer = promotable.find((pair) => bornAt(pair) > bornAt(inUse));
  if (verdict.severity !== 0 || newer === undefined) return verdict;
  const message = `a kept pair is newer than the pair in use, and no tick puts it in use: version ${newer.versionId}`;
  return { severity: 3, code: "pair-kept", message, next: "recover" };
}

/** Values read at the same time. More would meet the limits that the function's own reads share. */
const READS_AT_ONCE = 8;

async function readKeptPairs(ports: Ports, settings: Inspecting["settings"], facts: Facts | undefined, nowMs: number) {
  const versions = await readVersions(ports);
  const { entries, escrow } = await readEscrow(ports, settings);
  const kept = [...versions, ...entries].flatMap(asKept);
  const presented = new Set(versions.flatMap(({ stored }) => readAttemptRecord(stored)?.record.parent ?? []));
  const pairs = judgePairs(kept, { current: facts?.current, presented, nowMs }).map(describePair);
  return { escrow, pairs };
}

interface Entry {
  readonly stored: StoredValue;
  readonly place: KeptPair["place"];
  readonly labels: readonly string[];
}

async function readVersions({ store }: Ports): Promise<readonly Entry[]> {
  try {
    return await readAll(await store.list(), async ({ versionId, labels }) => {
      const stored = await store.readVersion(versionId);
      return stored && { stored, place: "token secret", labels };
    });
  } catch (error) {
    // The verdict or a check says so already.
    if (error instanceof StoreUnavailable) return [];
    throw error;
  }
}

async function readEscrow({ escrow }: Ports, { escrowParameterPrefix }: Inspecting["settings"]) {
  if (escrowParameterPrefix === null) return { entries: [], escrow: { state: "none", code: null } } as const;
  try {
    const entries = await readAll(await escrow.list(), async (versionId) => {
      const stored = await escrow.find(versionId);
      return stored && { stored, place: "escrow", labels: [] };
    });
    return { entries, escrow: { state: "asked", code: null } } as const;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { entries: [], escrow: { state: "unreachable", code: error.code } } as const;
  }
}

async function readAll<T>(
  items: readonly T[],
  read: (item: T) => Promise<Entry | undefined>,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let start = 0; start < items.length; start += READS_AT_ONCE) {
    const some = await Promise.all(items.slice(start, start + READS_AT_ONCE).map(read));
    entries.push(...some.filter((entry) => entry !== undefined));
  }
  return entries;
}

function asKept({ stored, place, labels }: Entry): readonly KeptPair[] {
  const { versionId, createdAtMs } = stored;
  const reading = readPair(stored);
  return reading.kind === "pair" ? [{ versionId, place, labels, createdAtMs, pair: reading.pair }] : [];
}

function describePair({ kept, use, why }: JudgedPair): InspectedPair {
  const { versionId, place, labels, createdAtMs, pair } = kept;
  return {
    versionId,
    place,
    labels,
    use,
    why,
    userId: asId(pair.userId),
    createdAt: isoTime(createdAtMs) ?? null,
    issuedAt: isoTime(pair.origin?.issuedAtMs) ?? null,
    expiresAt: isoTime(pair.expiresAtMs) ?? null,
    refreshExpiresAt: isoTime(pair.refreshExpiresAtMs) ?? null,
    nextRenewalAt: use === "in-use" ? (isoTime(renewAtMs(kept)) ?? null) : null,
    parent: asId(pair.origin?.parent),
    attempt: pair.origin?.attempt ?? null,
  };
}

/** A person may have put a token into any field: what does not look like an id is not shown. */
function asId(text: string | undefined): string | null {
  return text !== undefined && /^[\w-]{1,64}$/.test(text) ? text : null;
}
