import { noEscrow } from "../../lambda/adapters/no-escrow.ts";
import { createClientSecret } from "../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import { createSsmEscrow } from "../../lambda/adapters/ssm-escrow.ts";
import type { Facts, VersionedPair } from "../../lambda/rotation/decide.ts";
import { StoreUnavailable } from "../../lambda/rotation/errors.ts";
import { readStagedVersion } from "../../lambda/rotation/observe.ts";
import { readPair } from "../../lambda/rotation/pair-document.ts";
import type { Clock, Escrow, SecretDescription, TokenStore, VersionId } from "../../lambda/rotation/ports.ts";
import type { Surroundings, Target } from "../command-line/command.ts";
import { see, unwatched } from "../connection/look.ts";
import { listEscrow } from "../recover/versions-escrowed.ts";

/** Everything that one look at a connection shows a person. */
export interface Sight {
  readonly target: Target;
  readonly nowMs: number;
  readonly description: SecretDescription;
  readonly facts: Facts;
  /** Whether the renewal that bought the pair in use left its refresh token as it was. */
  readonly isRefreshTokenKept: boolean;
  /** What the open attempt left; absent where none is open. */
  readonly trace?: Trace | undefined;
  readonly escrow: EscrowSight;
}

/** Where the pair of an open attempt is. */
export type Trace =
  | { readonly kind: "secret"; readonly staged: VersionedPair }
  | { readonly kind: "escrow"; readonly staged: VersionedPair }
  | { readonly kind: "nowhere" }
  /** The escrow could not be asked, and may hold it. */
  | { readonly kind: "unseen"; readonly code: string };

export type EscrowSight =
  | { readonly kind: "unnamed" }
  | { readonly kind: "unreachable"; readonly code: string }
  | {
      readonly kind: "asked";
      /** Versions of which the escrow holds a copy; `undefined`: what it holds there is no pair. */
      readonly copies: ReadonlyMap<VersionId, VersionedPair | undefined>;
      /** Whether that is all that the escrow holds; otherwise it was asked for the versions in sight alone. */
      readonly isWhole: boolean;
    };

/**
 * Looks with the eyes of a tick, and where a tick would look next.
 *
 * @throws CommandFailure
 */
export async function lookAround(target: Target, { client, clock }: Surroundings): Promise<Sight> {
  const { config } = target;
  const store = createSecretsManagerStore(client, config.tokenSecretId, clock, unwatched);
  const clientSecret = createClientSecret(client, config.clientSecretId, unwatched);
  const { description, facts } = await see(config, store, clientSecret);
  const openId = openAttemptIssues(store, description, facts);
  const inUse = facts.current.kind === "pair" ? facts.current.versionId : undefined;
  const ids = [inUse, facts.staged?.versionId, openId].filter((id) => id !== undefined);
  const [isRefreshTokenKept, staged, escrow] = await Promise.all([
    keepsRefreshToken(store, facts.current),
    openId === undefined ? undefined : readStagedVersion(store, openId),
    lookIntoEscrow(target, clock, ids),
  ]);
  const trace = openId === undefined ? undefined : findTrace(staged, escrow, openId);
  return { target, nowMs: clock.now(), description, facts, isRefreshTokenKept, trace, escrow };
}

async function keepsRefreshToken(store: TokenStore, current: Facts["current"]): Promise<boolean> {
  if (current.kind !== "pair" || current.pair.origin === undefined) return false;
  const parent = await readStagedVersion(store, current.pair.origin.parent);
  return current.pair.refreshToken.equals(parent?.pair.refreshToken);
}

/** The escrow that the target names, or one that holds nothing. */
export function openEscrow({ config }: Target, { clock }: Pick<Surroundings, "clock">): Escrow {
  return config.escrow === undefined ? noEscrow : createSsmEscrow(config.escrow, clock, unwatched);
}

function openAttemptIssues(store: TokenStore, { arn }: SecretDescription, { attempt }: Facts): VersionId | undefined {
  if (attempt?.state !== "open") return undefined;
  const { parent, attempt: number } = attempt.record;
  return store.versionId({ arn, parent, kind: "issued", attempt: number });
}

/** Lists it, since a pair outlives the attempt that left it there; a person who may not do so still sees what a tick would. */
async function lookIntoEscrow(target: Target, clock: Clock, ids: readonly VersionId[]): Promise<EscrowSight> {
  const listing = await listEscrow(target.config.escrow);
  switch (listing.kind) {
    case "unknown":
      return { kind: "unnamed" };
    case "unavailable":
      return askFor(openEscrow(target, { clock }), ids);
    case "read": {
      const copies = listing.entries.map(
        ({ versionId, content }) =>
          [versionId, content.kind === "pair" ? { versionId, pair: content.pair } : undefined] as const,
      );
      return { kind: "asked", copies: new Map(copies), isWhole: true };
    }
  }
}

async function askFor(escrow: Escrow, ids: readonly VersionId[]): Promise<EscrowSight> {
  try {
    const found = await Promise.all(ids.map(async (id) => [id, await escrow.find(id)] as const));
    const copies = new Map<VersionId, VersionedPair | undefined>();
    for (const [versionId, stored] of found) {
      if (stored === undefined) continue;
      const reading = readPair(stored);
      copies.set(versionId, reading.kind === "pair" ? { versionId, pair: reading.pair } : undefined);
    }
    return { kind: "asked", copies, isWhole: false };
  } catch (error) {
    if (error instanceof StoreUnavailable) return { kind: "unreachable", code: error.code };
    throw error;
  }
}

function findTrace(staged: VersionedPair | undefined, escrow: EscrowSight, id: VersionId): Trace {
  if (staged !== undefined) return { kind: "secret", staged };
  if (escrow.kind === "unreachable") return { kind: "unseen", code: escrow.code };
  const copy = escrow.kind === "asked" ? escrow.copies.get(id) : undefined;
  return copy === undefined ? { kind: "nowhere" } : { kind: "escrow", staged: copy };
}
