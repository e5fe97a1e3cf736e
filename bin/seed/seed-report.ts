import { seedCommand } from "../../lambda/contract.ts";
import { isoTime } from "../../lambda/rotation/pair-document.ts";
import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import type { Written } from "./seed.ts";

/** What one seeding was asked for. */
export interface SeedRequest {
  /** Name or ARN. */
  readonly tokenSecretId: string;
  /** Name or ARN. */
  readonly clientSecretId: string;
  readonly overwrite: boolean;
  /** Whether the pair is to stay as it is. */
  readonly isCredentialsOnly: boolean;
  /** `undefined`: the SDK finds it. */
  readonly region: string | undefined;
}

export function reportCredentials(secretId: string, written: Written): string {
  return written.kind === "unchanged"
    ? `client credentials: nothing to do, version ${written.versionId} of ${secretId} holds the same`
    : `client credentials: written to ${secretId} as version ${written.versionId}${previous(written.replaced)}`;
}

/** The pair's fate and what comes next. */
export function reportPair(request: SeedRequest, written: Written, pair: TokenPair, nowMs: number): string {
  const { tokenSecretId } = request;
  return written.kind === "unchanged"
    ? `token pair: nothing to do, version ${written.versionId} of ${tokenSecretId} holds the same refresh token`
    : `token pair: written to ${tokenSecretId} as version ${written.versionId}${previous(written.replaced)}\n${next(request, pair, nowMs)}`;
}

export function reportRefusal(request: SeedRequest, obstacles: readonly string[]): string {
  const region = request.region === undefined ? "" : ` --region ${request.region}`;
  const command = `${seedCommand(request.tokenSecretId, request.clientSecretId)}${region}`;
  const found = `${obstacles.join("; ")}; nothing is written`;
  return request.isCredentialsOnly
    ? `${found}, to replace it all the same type ${command} --credentials-only --overwrite`
    : `${found}, to write only the client credentials type ${command} --credentials-only, to replace what is there, the pair in use ` +
        "too, type the same with --overwrite in its place";
}

function previous(replaced: string | undefined): string {
  return replaced === undefined ? "" : `, version ${replaced} is AWSPREVIOUS now`;
}

function next({ region }: SeedRequest, pair: TokenPair, nowMs: number): string {
  const renewsAtMs = renewAtMs(pair, nowMs);
  const tick = "the next tick, within 15 minutes unless the stack says otherwise,";
  const renewal =
    renewsAtMs <= nowMs ? `${tick} renews it` : `${tick} takes it up and renews it from ${isoTime(renewsAtMs)} on`;
  const where = region === undefined ? "" : ` --region ${region}`;
  const aws = (command: string) => `aws${where} ${command} <FunctionName>`;
  return `next: ${renewal}; FunctionName is an output of the stack
  a tick now: ${aws("lambda invoke --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout --function-name")}
  its log:    aws${where} logs tail --follow "$(${aws("lambda get-function-configuration --query LoggingConfig.LogGroup --output text --function-name")})"`;
}
