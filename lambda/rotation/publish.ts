import { EVENT_TYPE, type PublishedToken } from "../contract.ts";
import { RotationError } from "./errors.ts";
import type { Publication, VersionedPair } from "./facts.ts";
import { isoTime } from "./pair-document.ts";
import type { Ports, VersionId } from "./ports.ts";
import { Sensitive } from "./sensitive.ts";

/**
 * Puts the access token of the pair in use into the access-token secret, and announces it. Only a promoted pair may be published, so that
 * workloads never read ahead of the pair. A failure is returned and not thrown: the pair is safe, and the next tick publishes it.
 *
 * @param from the version that the access-token secret shows now, where this one may have been published before
 */
export async function publish(
  { accessTokens, announcer }: Pick<Ports, "accessTokens" | "announcer">,
  connection: string,
  { versionId, pair }: VersionedPair,
  from?: VersionId,
): Promise<Publication> {
  if (accessTokens === undefined || pair.accessToken === undefined) return { kind: "none" };
  const expiresAt = isoTime(pair.expiresAtMs);
  const value: PublishedToken = {
    access_token: pair.accessToken.reveal(),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    ...(pair.userId === undefined ? {} : { user_id: pair.userId }),
    ...(pair.scope === undefined ? {} : { scope: pair.scope }),
    connection,
  };
  try {
    await accessTokens.publish(versionId, new Sensitive(JSON.stringify(value)), from);
  } catch (error) {
    if (error instanceof RotationError) return { kind: "unavailable", error };
    throw error;
  }
  await announcer.announce(EVENT_TYPE.published, { schema: 1, connection, versionId, expiresAt: expiresAt ?? null });
  return { kind: "published", versionId, isAhead: false };
}
