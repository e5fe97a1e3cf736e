import type { RotationResult } from "../contract.ts";
import { NotPromotable } from "./errors.ts";
import { type Run, stagingEndsAtMs } from "./fence.ts";
import { observeWhole, readPairVersion } from "./observe.ts";
import type { Ports, VersionId } from "./ports.ts";
import { promote } from "./promote.ts";
import { publish } from "./publish.ts";
import { asCurrent, report } from "./report.ts";
import { adopt } from "./stage.ts";
import { tidy } from "./tidy.ts";

/**
 * Puts a kept pair back in use where a tick would not do it by itself: from a version of the token secret, or from the escrow. The
 * versions that are there stay.
 *
 * @throws NotPromotable where no pair is kept under this id
 */
export async function putKeptPairInUse(
  ports: Ports,
  connection: string,
  run: Run,
  versionId: VersionId,
): Promise<RotationResult> {
  const { facts, description } = await observeWhole(ports);
  const parcel = { arn: description.arn, issuedId: versionId };
  const kept = (await readPairVersion(ports.store, versionId)) ?? (await adopt(ports, parcel, stagingEndsAtMs(run)));
  if (kept === undefined) {
    throw new NotPromotable(versionId, "neither the token secret nor the escrow holds a pair under this id");
  }
  // The first version of a secret becomes AWSCURRENT by the write itself.
  const from = facts.current.versionId ?? kept.versionId;
  const promotion =
    from === kept.versionId ? { kind: "promoted" as const } : await promote(ports, from, kept.versionId);
  if (promotion.kind === "superseded") {
    const reason = `superseded: somebody moved AWSCURRENT meanwhile, the pair is kept in version ${kept.versionId}, type npx --no xt-token recover again`;
    return report(connection, "deferred", reason, { kind: "unread", versionId: promotion.by });
  }
  // It may have been published before. The next tick publishes what cannot be published now.
  const { publication } = facts;
  await publish(ports, connection, kept, publication.kind === "published" ? publication.versionId : undefined);
  await tidy(ports, versionId);
  return report(connection, "settled", `promoted: version ${kept.versionId} is in use`, asCurrent(kept));
}
