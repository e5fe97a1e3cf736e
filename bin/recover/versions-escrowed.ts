import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { resend } from "../../lambda/adapters/resend.ts";
import { CALM } from "../../lambda/adapters/secret-value.ts";
import type { SsmEscrowOptions } from "../../lambda/adapters/ssm-escrow.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { readContent, type Version } from "./versions.ts";

/** What the escrow said. */
export type EscrowReading =
  /** Nobody said where it is. */
  | { readonly kind: "unknown" }
  | { readonly kind: "unavailable"; readonly prefix: string; readonly code: string }
  | { readonly kind: "read"; readonly prefix: string; readonly entries: readonly Version[] };

/**
 * Every entry of the escrow, decrypted. The SDK's client for SSM is loaded only here.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
 */
export async function listEscrow(escrow: SsmEscrowOptions | undefined): Promise<EscrowReading> {
  if (escrow === undefined) return { kind: "unknown" };
  const { prefix } = escrow;
  const { GetParametersByPathCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const client = new SSMClient({ maxAttempts: 1 });
  const entries: Version[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const input = { Path: prefix.slice(0, -1), WithDecryption: true, NextToken };
      const page = await resend(CALM, (abortSignal) =>
        client.send(new GetParametersByPathCommand(input), { abortSignal }),
      );
      for (const { Name = "", Value, LastModifiedDate } of page.Parameters ?? []) {
        const versionId = Name.slice(prefix.length);
        const createdAtMs = LastModifiedDate?.getTime() ?? 0;
        const text = Value === undefined ? undefined : new Sensitive(Value);
        const content = readContent({ versionId, text, createdAtMs });
        entries.push({ versionId, place: "escrow", labels: [], createdAtMs, content });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { kind: "read", prefix, entries };
  } catch (error) {
    return { kind: "unavailable", prefix, code: awsErrorName(error) };
  } finally {
    client.destroy();
  }
}
