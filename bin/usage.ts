import { ENVIRONMENT } from "../lambda/contract.ts";

/** What `--help` prints. */
export const USAGE = `usage: xt-token seed --token-secret <name or ARN> --client-secret <name or ARN> [--overwrite] [--region <region>]

Seeds one connection: writes the client credentials and the first token pair to the two secrets in Secrets Manager.

  --token-secret   name or ARN of the secret that holds the token pair (or set ${ENVIRONMENT.tokenSecretId})
  --client-secret  name or ARN of the secret that holds the client credentials (or set ${ENVIRONMENT.clientSecretId})
  --overwrite      replace a live pair, another client's credentials or a value that is not ours
  --region         region of both secrets, by default the ARNs', else the AWS configuration's
  --help           print this

On a terminal it asks for the client id, the client secret and the refresh token. Otherwise it reads one JSON document from standard
input: {"client_id": "…", "client_secret": "…", "refresh_token": "…"}, or the credentials with XT's answer beside them:
{"client_id": "…", "client_secret": "…", "result": {…}}. It never takes a secret from the command line.

Exit codes: 0 done, 1 failed or refused, 2 the arguments or the input must be mended.
`;
