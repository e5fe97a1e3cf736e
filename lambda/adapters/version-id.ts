import { createHash } from "node:crypto";
import type { VersionId, VersionName } from "../rotation/ports.ts";

/**
 * The id under which a version is written, as its ClientRequestToken: 64 hexadecimal digits, the most that Secrets
 * Manager takes. JSON keeps the parts apart, so that no two names run together into one.
 */
export function versionIdOf({ arn, parent, kind, attempt }: VersionName): VersionId {
  // A code is told from a version's id by a word before it.
  const parentId = typeof parent === "string" ? parent : `code ${parent.reveal()}`;
  return createHash("sha256")
    .update(JSON.stringify([arn, parentId, kind, attempt]))
    .digest("hex");
}
