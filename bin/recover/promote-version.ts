import { LABEL } from "../../lambda/contract.ts";
import { PairNotStored } from "../../lambda/rotation/errors.ts";
import type { Escrow } from "../../lambda/rotation/ports.ts";
import { promote } from "../../lambda/rotation/promote.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import type { Secrets } from "../connection/look.ts";
import type { PairVersion } from "./recovery.ts";
import type { Version } from "./versions.ts";

/** How long the token secret is tried with a pair that the escrow keeps meanwhile. */
const STAGING_MS = 30_000;

/**
 * Brings a pair home from the escrow where it is only there, and moves AWSCURRENT to it, from the version that was looked at. The
 * escrow's copy is deleted last of all.
 *
 * @returns whether a copy is left in the escrow
 * @throws CommandFailure with the pair where it was
 */
export async function promoteVersion(
  secrets: Secrets,
  escrow: Escrow,
  current: Version | undefined,
  chosen: PairVersion,
  isEscrowed: boolean,
): Promise<{ readonly isCopyLeft: boolean }> {
  const { names, store } = secrets;
  const { tokenSecretId } = names;
  const { versionId } = chosen;
  if (chosen.place === "escrow") await bringHome(secrets, chosen);
  const holder = await onSecret("UpdateSecretVersionStage", tokenSecretId, async () => {
    // The first version of a secret is AWSCURRENT by the write itself.
    if (current === undefined) return (await store.describe()).holders.get(LABEL.current);
    const promotion = await promote(store, current.versionId, versionId);
    return promotion.kind === "promoted" ? versionId : promotion.by;
  });
  if (holder !== versionId) {
    throw new CommandFailure(
      `AWSCURRENT of ${tokenSecretId} was moved to version ${holder ?? "none"} by a rotation or by somebody else meanwhile, it is left ` +
        "there, type the same command again to look afresh",
    );
  }
  return { isCopyLeft: isEscrowed && (await escrow.discard(versionId)) === "left" };
}

async function bringHome({ names, store, clock }: Secrets, { versionId, content }: PairVersion): Promise<void> {
  try {
    await store.stage(versionId, content.text, clock.now() + STAGING_MS);
  } catch (error) {
    if (!(error instanceof PairNotStored)) throw error;
    throw new CommandFailure(
      `PutSecretValue on ${names.tokenSecretId} failed with ${error.code}, the pair stays in the escrow, type the same command again ` +
        "when Secrets Manager is well and allows it",
    );
  }
}
