import { LABEL } from "../lambda/contract.ts";
import type { Call } from "./faults.ts";
import { ACCESS_TOKEN_SECRET, CLIENT_SECRET, TOKEN_SECRET } from "./world.ts";

type Matches = (call: Call) => boolean;

/** The calls of one rotation, in its order, each told from the others of its operation. */
export const STORE_CALLS = {
  "reading the labels": ({ operation, input }) => operation === "DescribeSecret" && input["SecretId"] === TOKEN_SECRET,
  "reading what is published": ({ operation, input }) =>
    operation === "DescribeSecret" && input["SecretId"] === ACCESS_TOKEN_SECRET,
  "reading the pair": ({ operation, input }) => operation === "GetSecretValue" && input["SecretId"] === TOKEN_SECRET,
  "reading the client credentials": ({ operation, input }) =>
    operation === "GetSecretValue" && input["SecretId"] === CLIENT_SECRET,
  fencing: (call) => isPutWith(LABEL.attempt, call),
  staging: (call) => isPutWith(LABEL.issued, call),
  promoting: ({ operation, input }) =>
    operation === "UpdateSecretVersionStage" &&
    input["VersionStage"] === LABEL.current &&
    input["SecretId"] === TOKEN_SECRET,
  publishing: (call) => isPutWith(LABEL.current, call),
} as const satisfies Readonly<Record<string, Matches>>;

export type StoreCall = keyof typeof STORE_CALLS;

function isPutWith(label: string, { operation, input }: Call): boolean {
  const labels = input["VersionStages"];
  return operation === "PutSecretValue" && Array.isArray(labels) && labels.includes(label);
}
