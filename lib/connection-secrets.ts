import { ArnFormat, Stack } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { connectionSecretNames } from "../lambda/contract.ts";

/** Where the secrets of further connections are, and which key encrypts them. */
export interface ConnectionPlace {
  /** Beginning of the secrets' names, with its closing slash. */
  readonly prefix: string;
  /** @default - the account's `aws/secretsmanager` key */
  readonly encryptionKey?: IKey | undefined;
  /** @default - the Region of the stack */
  readonly region?: string | undefined;
}

/** Stands for the name of every further connection. IAM reads it as a wildcard. */
export const EVERY_CONNECTION = "*";

/** References to the secrets of a further connection. The function makes the secrets, so no template holds them. */
export function connectionSecrets(scope: Construct, connection: string, place: ConnectionPlace) {
  const inside = new Construct(scope, `Connection ${connection}`);
  const { pair, accessToken } = connectionSecretNames(place.prefix, connection);
  const { encryptionKey } = place;
  const existing = (id: string, name: string): ISecret =>
    Secret.fromSecretAttributes(inside, id, { secretPartialArn: secretArn(inside, name, place.region), encryptionKey });
  return { pair: existing("Pair", pair), accessToken: existing("AccessToken", accessToken) } as const;
}

/** The ARN of a secret of this account by its name, without the six characters that Secrets Manager adds. */
export function secretArn(scope: Construct, resourceName: string, region?: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: "secretsmanager", resource: "secret", resourceName, region, arnFormat });
}
