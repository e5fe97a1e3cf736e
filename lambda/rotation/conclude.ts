import type { RotationResult } from "../contract.ts";
import { findDefects, hidesRefreshToken } from "./answer-defects.ts";
import { assertNever } from "./assert.ts";
import type { Decision, Facts, VersionedPair } from "./decide.ts";
import {
  ExchangeOutcomeUnknown,
  RefreshTokenUnreadable,
  RotationRejected,
  TokenEndpointUnreachable,
} from "./errors.ts";
import type { Ports, VersionId } from "./ports.ts";
import { promote } from "./promote.ts";
import type { Refreshed } from "./refresh.ts";
import { asCurrent, report, type SecretNames } from "./report.ts";

type Refresh = Extract<Decision, { kind: "refresh" }>;

/** Turns the end of a refresh into the end of the run: promotes what was staged, reports or throws the rest. */
export async function concludeRefresh(
  ports: Ports,
  names: SecretNames,
  { current, staged }: Facts,
  { parent, attempt }: Refresh,
  refreshed: Exclude<Refreshed, { kind: "collided" }>,
): Promise<RotationResult> {
  switch (refreshed.kind) {
    case "staged": {
      const result = await promoteStaged(ports, names, parent.versionId, refreshed.staged, ROTATED);
      if (refreshed.isEscrowed) await tidy(ports, refreshed.staged.versionId);
      const defects = findDefects(refreshed.answer, refreshed.staged.pair.origin?.issuedAtMs ?? 0);
      if (defects.length > 0) ports.log.warn("XT's answer was odd, its tokens are stored", { defects, attempt });
      if (hidesRefreshToken(refreshed.answer)) throw new RefreshTokenUnreadable(refreshed.staged.versionId);
      return result;
    }
    case "throttled":
      return report(names, "deferred", "throttled: XT asked for fewer requests, a later tick tries again", current);
    case "rejected":
      throw new RotationRejected({ ...refreshed, attempt }, adviceAfterRejection(staged));
    case "unsent":
      throw new TokenEndpointUnreachable(refreshed.code, attempt);
    case "unknown":
      throw new ExchangeOutcomeUnknown(refreshed.code, attempt);
    default:
      return assertNever(refreshed);
  }
}

/** Finishes what an interrupted run left staged. */
export async function concludeSettling(
  ports: Ports,
  names: SecretNames,
  from: VersionId,
  staged: VersionedPair,
): Promise<RotationResult> {
  const result = await promoteStaged(ports, names, from, staged, SETTLED);
  // Nobody knows whether the interrupted run used the escrow, and a copy of a living pair must not lie about.
  await tidy(ports, staged.versionId);
  return result;
}

const ROTATED = { outcome: "rotated", reason: "renewed: XT granted a new pair" } as const;
const SETTLED = { outcome: "settled", reason: "settled: an interrupted run had received the pair" } as const;

async function promoteStaged(
  { store, gauge }: Ports,
  names: SecretNames,
  from: VersionId,
  staged: VersionedPair,
  { outcome, reason }: typeof ROTATED | typeof SETTLED,
): Promise<RotationResult> {
  const promotion = await promote(store, from, staged.versionId);
  if (promotion.kind === "promoted") {
    const current = asCurrent(staged);
    gauge.saw({ current });
    return report(names, outcome, reason, current);
  }
  const superseded = `superseded: AWSCURRENT was moved by someone else, the pair issued to this run stays in version ${staged.versionId}`;
  return report(names, "deferred", superseded, { kind: "unseen", versionId: promotion.by });
}

async function tidy({ escrow, log }: Ports, id: VersionId): Promise<void> {
  if ((await escrow.discard(id)) === "left") log.warn("the escrow's copy of the pair could not be deleted", { id });
}

function adviceAfterRejection(staged: VersionedPair | undefined): string {
  const reauthorize = "if it keeps refusing, reauthorize with npx xt-token authorize --redirect-uri <URI>";
  return staged
    ? `${reauthorize}, or look at version ${staged.versionId}, the last pair that a run received`
    : reauthorize;
}
