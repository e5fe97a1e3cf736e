import { ENVIRONMENT } from "../../lambda/contract.ts";
import type { XtStandIn } from "../../sandbox/xt/start-xt.ts";
import { type Aws, textIn } from "./aws-calls.ts";
import { fetchFunction, runEvents } from "./deployed-function.ts";
import { lookInto, type Secrets } from "./deployed-secrets.ts";
import type { Rotation } from "./deployment.ts";
import { ACCOUNT, REGION } from "./moto.ts";
import type { LambdaRuntime } from "./prerequisites.ts";
import { physicalId, type Resource } from "./read-back.ts";

/** Where `cdk bootstrap` has assets go. */
const ASSETS = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;
const NO_EVENT = '{"nope":1}';

export interface RotationStage {
  readonly scratch: string;
  readonly runtime: LambdaRuntime;
  readonly endpoint: string;
  readonly aws: Aws;
  readonly xt: XtStandIn;
  readonly clientSecret: string;
  readonly secrets: Secrets;
  readonly resources: readonly Resource[];
}

/** Runs the deployed function with its own settings and its own role's permissions; only the endpoints are not AWS's and XT's. */
export async function playRotation(stage: RotationStage): Promise<Rotation> {
  const { aws, xt, secrets, resources } = stage;
  const deployed = await fetchFunction(aws, physicalId(resources, "AWS::Lambda::Function"), ASSETS, stage.scratch);
  const input = await scheduleInput(aws, resources);
  const seeded = await lookInto(aws, secrets);
  const surroundings = {
    runtime: stage.runtime,
    session: await aws.assume(deployed.roleArn),
    environment: { AWS_ENDPOINT_URL: stage.endpoint, [ENVIRONMENT.baseUrl]: xt.url },
  };
  const { endings, output } = await runEvents(deployed, surroundings, [input, input, NO_EVENT]);
  const { token } = await lookInto(aws, secrets);
  const refreshToken = textIn(token, "refresh_token");
  const texts = {
    "the client secret": stage.clientSecret,
    "the seeded refresh token": textIn(seeded.token, "refresh_token"),
    "the new refresh token": refreshToken,
    "the new access token": Object(token).access_token ?? refreshToken,
  };
  const shown = output + JSON.stringify(endings);
  return {
    isIntact: deployed.isIntact,
    endings,
    output,
    verdicts: xt.exchanges.map(({ verdict }) => verdict),
    isLive: xt.isLive(refreshToken),
    leaks: Object.entries(texts).flatMap(([what, text]) => (shown.includes(text) ? [what] : [])),
  };
}

async function scheduleInput(aws: Aws, resources: readonly Resource[]): Promise<string> {
  const type = "AWS::Scheduler::Schedule";
  const group = physicalId(resources, "AWS::Scheduler::ScheduleGroup");
  const schedule = { Name: physicalId(resources, type), GroupName: group };
  return textIn(await aws.call(["scheduler", "get_schedule", schedule]), "output", "Target", "Input");
}
