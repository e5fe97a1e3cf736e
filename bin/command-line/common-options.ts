import { ENVIRONMENT } from "../../lambda/contract.ts";
import type { Option } from "./command.ts";

/** The name under which the app deploys its stack unless it is told otherwise. */
export const DEFAULT_STACK = "XtTokenRotation";

/** What every command takes: which connection it works on. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  stack: {
    kind: "value",
    placeholder: "<name>",
    meaning: `stack that deployed the connection and names all that follows; by default ${DEFAULT_STACK}, where nothing names the secrets`,
  },
  "token-secret": {
    kind: "value",
    placeholder: "<name or ARN>",
    meaning: `secret that holds the token pair (or set ${ENVIRONMENT.tokenSecretId})`,
  },
  "client-secret": {
    kind: "value",
    placeholder: "<name or ARN>",
    meaning: `secret that holds the client credentials (or set ${ENVIRONMENT.clientSecretId})`,
  },
  "base-url": { kind: "value", placeholder: "<URL>", meaning: `XT's base URL (or set ${ENVIRONMENT.baseUrl})` },
  "escrow-prefix": {
    kind: "value",
    placeholder: "<path>",
    meaning: `beginning of the escrow's SSM parameters (or set ${ENVIRONMENT.escrowParameterPrefix})`,
  },
  region: {
    kind: "value",
    placeholder: "<region>",
    meaning: "AWS region, by default the ARNs', else the AWS configuration's",
  },
  help: { kind: "flag", meaning: "print this" },
};

/** The function's environment variable that each option stands for. */
export const VARIABLE_OF: Readonly<Record<string, string>> = {
  "token-secret": ENVIRONMENT.tokenSecretId,
  "client-secret": ENVIRONMENT.clientSecretId,
  "base-url": ENVIRONMENT.baseUrl,
  "escrow-prefix": ENVIRONMENT.escrowParameterPrefix,
};
