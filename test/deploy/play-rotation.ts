import type { XtStandIn } from "../../sandbox/xt/start-xt.ts";
import { runCommand } from "../bin/fixtures/run-command.ts";
import { type Aws, textIn } from "./aws-calls.ts";
import { lookInto, type Secrets } from "./deployed-secrets.ts";
import type { Rotation } from "./deployment.ts";
import type { Lambda } from "./lambda.ts";
import { physicalId, type Resource } from "./read-back.ts";

const NO_EVENT = '{"nope":1}';

export interface RotationStage {
  readonly lambda: Lambda;
  readonly aws: Aws;
  readonly xt: XtStandIn;
  /** A JSON document, as `xt-token seed` takes it. */
  readonly seed: string;
  readonly secrets: Secrets;
  readonly resources: readonly Resource[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Seeds, ticks as the schedule does, and authorizes again, each through the deployed function. */
export async function playRotation(stage: RotationStage): Promise<Rotation> {
  const { lambda, aws, xt, seed, secrets, resources } = stage;
  const environment = { ...stage.environment, AWS_ENDPOINT_URL_LAMBDA: lambda.url };
  const command = (words: string, input = "") => runCommand(words.split(" "), input, environment);

  const seeding = await command("seed", seed);
  const input = await scheduleInput(aws, resources);
  const ticks = [await lambda.invoke(input), await lambda.invoke(input)];
  const refused = await lambda.invoke(NO_EVENT);
  const rotated = await lookInto(aws, secrets);
  const code = xt.code();
  const authorizing = await command("authorize --redirect-uri https://desk.example/redirected", code);
  const status = await command("status --json");
  const recovering = await command("recover");
  const authorized = await lookInto(aws, secrets);

  const shown = lambda.printed() + JSON.stringify([ticks, refused, seeding, authorizing, status, recovering]);
  const document: unknown = JSON.parse(seed);
  const texts = {
    "the client secret": textIn(document, "client_secret"),
    "the seeded refresh token": textIn(document, "refresh_token"),
    "the rotated refresh token": textIn(rotated.token.value, "refresh_token"),
    "the rotated access token": textIn(rotated.token.value, "access_token"),
    "the code": code,
    "the authorized refresh token": textIn(authorized.token.value, "refresh_token"),
    "the authorized access token": textIn(authorized.token.value, "access_token"),
  };
  return {
    functionName: lambda.deployed.name,
    isIntact: lambda.deployed.isIntact,
    seeding,
    ticks,
    refused,
    rotated,
    authorizing,
    status,
    recovering,
    printed: lambda.printed(),
    // An inspection knocks without a grant.
    exchanges: xt.exchanges.flatMap(({ grantType, verdict }) => (grantType === "" ? [] : [`${grantType} ${verdict}`])),
    isLive: xt.isLive(textIn(authorized.token.value, "refresh_token")),
    leaks: Object.entries(texts).flatMap(([what, text]) => (shown.includes(text) ? [what] : [])),
  };
}

async function scheduleInput(aws: Aws, resources: readonly Resource[]): Promise<string> {
  const type = "AWS::Scheduler::Schedule";
  const group = physicalId(resources, "AWS::Scheduler::ScheduleGroup");
  const schedule = { Name: physicalId(resources, type, /Tick/), GroupName: group };
  return textIn(await aws.call(["scheduler", "get_schedule", schedule]), "output", "Target", "Input");
}
