import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Clock, Escrow, VersionId } from "../rotation/ports.ts";
import { Sensitive } from "../rotation/sensitive.ts";
import { StoreUnavailable } from "../rotation/store-errors.ts";
import { awsErrorName } from "./aws-error.ts";
import { resend } from "./resend.ts";
import { CALM, URGENT_ATTEMPT_MS, type Watch } from "./secret-value.ts";

export interface SsmEscrowOptions {
  /** Beginning of the parameters' names, with its closing slash. */
  readonly prefix: string;
  /** KMS key of the parameters. @default the account's `aws/ssm` key */
  readonly keyId: string | undefined;
}

/** What an endpoint answers that does not know SSM, as private ones may not. It keeps nothing either. A gateway's 404 says nothing. */
const UNKNOWN_SERVICE = "UnknownOperationException";

/**
 * SSM parameters of type SecureString, one for each pair, named after the version that the pair is to have.
 *
 * The SDK's client for SSM is loaded at the first call and not with the function, since hardly any run needs it.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function createSsmEscrow({ prefix, keyId }: SsmEscrowOptions, clock: Clock, watch: Watch): Escrow {
  let client: SSMClient | undefined;

  async function load() {
    const ssm = await import("./ssm-client.ts");
    client ??= new ssm.SSMClient({ maxAttempts: 1 });
    return { ssm, client };
  }

  return {
    async keep(id, pair, untilMs, isNeeded) {
      try {
        const { ssm, client } = await load();
        const command = {
          Name: `${prefix}${id}`,
          Value: pair.reveal(),
          Type: ssm.ParameterType.SECURE_STRING,
          KeyId: keyId,
          // Standard parameters end at 4 KB, which long tokens pass; this takes the next size only where it must.
          Tier: ssm.ParameterTier.INTELLIGENT_TIERING,
          Description: "XT.COM token pair that Secrets Manager did not take; the rotation adopts and deletes it",
        };
        await resend(
          {
            forMs: untilMs - clock.now(),
            maxAttempts: Number.POSITIVE_INFINITY,
            attemptMs: URGENT_ATTEMPT_MS,
            isFinal: (error) => !isNeeded() || error instanceof ssm.ParameterAlreadyExists,
          },
          async (abortSignal) => {
            const { Version: version } = await client.send(new ssm.PutParameterCommand(command), { abortSignal });
            if (version === undefined) throw new Error("the answer acknowledges nothing");
          },
        );
        return "kept";
      } catch (error) {
        // An earlier attempt wrote it: nothing else has this id.
        return awsErrorName(error) === "ParameterAlreadyExists" ? "kept" : "refused";
      }
    },

    async list() {
      const { ssm, client } = await load();
      const ids: VersionId[] = [];
      let token: string | undefined;
      try {
        do {
          // Without their values: one that cannot be decrypted must not hide the others.
          const command = new ssm.GetParametersByPathCommand({ Path: prefix.slice(0, -1), NextToken: token });
          const page = await resend(CALM, (abortSignal) => client.send(command, { abortSignal }));
          ids.push(...(page.Parameters ?? []).map(({ Name: name = "" }) => name.slice(prefix.length)));
          token = page.NextToken;
        } while (token !== undefined);
        return ids;
      } catch (error) {
        if (awsErrorName(error) === UNKNOWN_SERVICE) return [];
        throw new StoreUnavailable("ssm", "GetParametersByPath", prefix, awsErrorName(error));
      }
    },

    async find(id) {
      const { ssm, client } = await load();
      try {
        const command = new ssm.GetParameterCommand({ Name: `${prefix}${id}`, WithDecryption: true });
        return await resend(CALM, async (abortSignal) => {
          const { Parameter: parameter } = await client.send(command, { abortSignal });
          if (parameter?.Value === undefined) throw new Error("the answer holds no value");
          const text = new Sensitive(parameter.Value);
          watch(text);
          return { versionId: id, text, createdAtMs: parameter.LastModifiedDate?.getTime() ?? 0 };
        });
      } catch (error) {
        if (["ParameterNotFound", UNKNOWN_SERVICE].includes(awsErrorName(error))) return undefined;
        throw new StoreUnavailable("ssm", "GetParameter", `${prefix}${id}`, awsErrorName(error));
      }
    },

    async discard(id) {
      try {
        const { ssm, client } = await load();
        const command = new ssm.DeleteParameterCommand({ Name: `${prefix}${id}` });
        await resend(CALM, (abortSignal) => client.send(command, { abortSignal }));
        return "discarded";
      } catch (error) {
        return awsErrorName(error) === "ParameterNotFound" ? "discarded" : "left";
      }
    },
  };
}
