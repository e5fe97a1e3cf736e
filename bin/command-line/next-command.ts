import { DEFAULT_BASE_URL } from "../../lambda/contract.ts";
import type { Target } from "./command.ts";
import { DEFAULT_STACK } from "./common-options.ts";

/** The words that a person types next to go on with the same connection: `npx xt-token rotate --now --stack other`. */
export function nextCommand(target: Target, ...words: readonly string[]): string {
  return ["npx xt-token", ...words, ...namingWords(target)].join(" ");
}

/** What a person types who must grant access again. */
export function authorizeCommandLine(target: Target, ...words: readonly string[]): string {
  const uri = target.stack?.redirectUri === undefined ? ["--redirect-uri <URI>"] : [];
  return nextCommand(target, "authorize", ...uri, ...words);
}

/** What a person types who has new client credentials of XT's. */
export function credentialsCommandLine(target: Target): string {
  return nextCommand(target, "seed", "--credentials-only");
}

function namingWords({ config, region, stack }: Target): readonly string[] {
  if (stack !== undefined) {
    const where = region === undefined ? [] : [`--region ${region}`];
    return stack.stackName === DEFAULT_STACK ? where : [`--stack ${stack.stackName}`, ...where];
  }
  const { tokenSecretId, clientSecretId, baseUrl, escrow } = config;
  const isByArn = tokenSecretId.startsWith("arn:") || clientSecretId.startsWith("arn:");
  return [
    `--token-secret ${tokenSecretId} --client-secret ${clientSecretId}`,
    ...(escrow === undefined ? [] : [`--escrow-prefix ${escrow.prefix}`]),
    ...(baseUrl.href === new URL(DEFAULT_BASE_URL).href ? [] : [`--base-url ${baseUrl.href}`]),
    ...(region === undefined || isByArn ? [] : [`--region ${region}`]),
  ];
}
