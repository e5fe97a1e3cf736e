import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EVENT_SOURCE, EVENT_TYPE } from "../../lambda/contract.ts";
import { startXt, type XtStandIn } from "../../sandbox/xt/start-xt.ts";
import { runCommand } from "../bin/fixtures/run-command.ts";
import { installPackage } from "../consumer/install.ts";
import { type Aws, startAwsCalls, textIn } from "./aws-calls.ts";
import { createCdk } from "./cdk.ts";
import { findSecrets, lookInto, seedByHand, tryAccess, tryFurtherAccess, tryMisuse } from "./deployed-secrets.ts";
import type { Deployment } from "./deployment.ts";
import { type Lambda, type LambdaStage, startLambda } from "./lambda.ts";
import { ACCOUNT, environmentFor, REGION, startMoto } from "./moto.ts";
import { playConnecting } from "./play-connecting.ts";
import { playFleet } from "./play-fleet.ts";
import { playRotation } from "./play-rotation.ts";
import type { LambdaRuntime } from "./prerequisites.ts";
import { listResources, physicalId, readBack, type Template, told } from "./read-back.ts";
import { runProgram } from "./run-program.ts";

const STACK = "XtTokenRotation";
/** Without `--method=direct` the CLI makes a change set, which moto does not carry out. */
const DEPLOY = ["deploy", "--method=direct", "--no-previous-parameters", "--require-approval=never"];
/** What a second deployment changes: a setting of the schedule and one of the function, so that a version is published. */
const CHANGED = ["--context=schedule=rate(30 minutes)", "--context=exchangeTimeoutSeconds=30"];
const appIn = (file: string) => ["--app", `node --import tsx ${file}`];
const CLIENT = { clientId: "35LF2FSLHX5IRQA4", clientSecret: "deploy-client-secret-7f3a9c" };

/** What a deployment is played with. */
export interface Stage {
  /** An empty directory. */
  readonly scratch: string;
  readonly runtime: LambdaRuntime | undefined;
  say(line: string): void;
}

/**
 * Deploys the stack, seeds it, runs its function, updates and destroys it, each with the tool that a person would use.
 * @throws Error where one of the tools fails
 */
export async function playDeployment(stage: Stage): Promise<Deployment> {
  const stops: (() => unknown)[] = [];
  try {
    stage.say("starting moto's server and a stand-in for XT");
    const moto = await startMoto(stage.scratch);
    stops.push(() => moto.stop());
    const aws = startAwsCalls(environmentFor(moto.url, stage.scratch));
    stops.push(() => aws.stop());
    const xt = await startXt({ ...CLIENT, reuse: "single-use" });
    stops.push(() => xt.close());
    return await play(stage, moto.url, aws, xt).catch((error) => {
      stage.say(`it failed, moto printed last:\n${moto.printed()}`);
      throw error;
    });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function play({ scratch, runtime, say }: Stage, motoUrl: string, aws: Aws, xt: XtStandIn): Promise<Deployment> {
  const environment = environmentFor(motoUrl, scratch);
  const cdk = await createCdk(environment, scratch);
  say("synthesizing and bootstrapping");
  const first = await cdk.synth("first", []);
  await cdk.run("bootstrap", `aws://${ACCOUNT}/${REGION}`);
  say("deploying");
  await cdk.run(...DEPLOY, "--app", first);
  const template = await readTemplate(first);
  const resources = await listResources(aws, STACK, template);
  const deployed = await readBack(aws, resources);
  const diff = await cdk.diff(first);

  say(runtime ? "seeding and running the deployed function" : "seeding by hand");
  const secrets = await findSecrets(aws, STACK);
  const seed = JSON.stringify({
    client_id: CLIENT.clientId,
    client_secret: CLIENT.clientSecret,
    refresh_token: xt.grant().refreshToken,
  });
  const lambdaStage = runtime && { scratch, runtime, aws, motoUrl, xtUrl: xt.url };
  const functionName = physicalId(resources, "AWS::Lambda::Function");
  const rotation = await withLambda(lambdaStage, functionName, (lambda) =>
    playRotation({ lambda, aws, xt, seed, secrets, resources, environment }),
  );
  if (rotation === undefined) await seedByHand(aws, secrets, seed);
  const beforeUpdate = await lookInto(aws, secrets);

  say("deploying again with changed settings, workloads' roles and the example that connects users");
  const second = await cdk.synth("second", [...CHANGED, ...appIn(join(import.meta.dirname, "workload-app.ts"))]);
  const updateDiff = await cdk.diff(second);
  await cdk.run(...DEPLOY, "--app", second, "--all");
  const updatedResources = await listResources(aws, STACK, await readTemplate(second));
  const connectingTemplate = await readTemplate(second, "Connecting");
  const connectingResources = await listResources(aws, "Connecting", connectingTemplate);
  const itsRole = connectingResources.filter(({ type }) => type.startsWith("AWS::IAM::"));
  const updated = await readBack(aws, [...updatedResources, ...itsRole]);
  // Found anew: an update that replaced a secret would leave the seeded one behind.
  const afterUpdate = await lookInto(aws, await findSecrets(aws, STACK));
  const roleArn = (id: RegExp) => `arn:aws:iam::${ACCOUNT}:role/${physicalId(updatedResources, "AWS::IAM::Role", id)}`;
  const access = await tryAccess(aws, secrets, roleArn(/^Workload/));

  if (runtime) say("connecting users");
  const callback = physicalId(connectingResources, "AWS::Lambda::Function");
  const connected = await withLambda(lambdaStage, functionName, async (lambda, stage) => ({
    connecting: await playConnecting({ ...stage, xt, lambda, callback, environment }),
    furtherAccess: await tryFurtherAccess(aws, lambda.deployed.environment["CONNECTION_PREFIX"] ?? "", {
      one: roleArn(/^Workload/),
      all: roleArn(/^Reporting/),
    }),
    misuse: await tryMisuse(aws, lambda.deployed),
  }));
  if (runtime) say("connecting a fleet, and ticking it");
  const fleet = lambdaStage && (await playFleet({ ...lambdaStage, functionName, xt }));

  const queue = (id: RegExp) => physicalId(updatedResources, "AWS::SQS::Queue", id);
  await announce(aws);
  const announced = {
    newToken: await receive(aws, queue(/^Told/)),
    personNeeded: await receive(aws, queue(/^Asked/)),
  };

  say("destroying");
  await cdk.run("destroy", "--force", "--app", second, "--all");
  const destroyed = await readBack(aws, updatedResources);
  const afterDestroy = await lookInto(aws, secrets);

  say("packing and installing the package");
  const project = await installPackage(scratch).then(
    (installed) => installed.project,
    (error: Error) => {
      say(`the checkout is deployed in its place, the package could not be installed: ${error.message}`);
      return undefined;
    },
  );
  say("deploying again onto the secrets that were left");
  const existing = [
    `--context=tokenSecretArn=${secrets.token}`,
    `--context=clientSecretArn=${secrets.client}`,
    `--context=accessTokenSecretArn=${secrets.accessToken}`,
  ];
  const third = await cdk.synth("third", [
    ...existing,
    ...(project === undefined ? [] : appIn(join(project, "app.ts"))),
  ]);
  await cdk.run(...DEPLOY, "--app", third, STACK);
  const madeResources = await listResources(aws, STACK, await readTemplate(third));
  const made = await readBack(aws, madeResources);
  const found = await findSecrets(aws, STACK);
  const held = await lookInto(aws, found);
  const ran = await withLambda(lambdaStage, physicalId(madeResources, "AWS::Lambda::Function"), async ({ url }) => {
    const env = { ...environment, AWS_ENDPOINT_URL_LAMBDA: url };
    const status = await runCommand(["status", "--json"], "", env);
    if (project === undefined) return { status };
    const renewing = await runProgram(join(project, "node_modules", ".bin", "xt-token"), ["rotate", "--now"], { env });
    const rotated = await lookInto(aws, found);
    const isLive = xt.isLive(textIn(rotated.token.value, "refresh_token"));
    return { status, renewal: { renewing, rotated, isLive } };
  });
  const again = {
    made,
    held,
    environment: Object(told(made, "AWS::Lambda::Function")).Configuration.Environment.Variables,
    status: ran?.status,
    renewal: ran?.renewal,
  };
  return {
    templated: Object.keys(template.Resources),
    alarms: alarmsOf(template),
    deployed,
    diff,
    updateDiff,
    rotation,
    beforeUpdate,
    updated,
    afterUpdate,
    access,
    routes: routesOf(connectingTemplate),
    connecting: connected?.connecting,
    furtherAccess: connected?.furtherAccess,
    misuse: connected?.misuse,
    fleet,
    announced,
    destroyed,
    afterDestroy,
    again,
  };
}

/** Runs the function of a deployment while something is done with it; does nothing where nothing runs it. */
async function withLambda<T>(
  stage: LambdaStage | undefined,
  functionName: string,
  work: (lambda: Lambda, stage: LambdaStage) => Promise<T>,
): Promise<T | undefined> {
  if (stage === undefined) return undefined;
  const lambda = await startLambda(stage, functionName);
  try {
    return await work(lambda, stage);
  } finally {
    await lambda.stop();
  }
}

/** Sends events as the function does, and some that no function sends. */
async function announce(aws: Aws): Promise<void> {
  const event = (DetailType: string, detail: object, Source = EVENT_SOURCE) => ({
    Source,
    DetailType,
    Detail: JSON.stringify({ schema: 1, ...detail }),
  });
  const published = (connection: string) => ({ connection, versionId: "version-1", expiresAt: null });
  const changed = (connection: string, severity: number) => ({
    connection,
    verdict: { severity, code: "grant-lost", message: "…" },
  });
  const Entries = [
    event(EVENT_TYPE.published, published("desk-a")),
    event(EVENT_TYPE.published, published("default"), "somebody-else"),
    event(EVENT_TYPE.published, published("default")),
    event(EVENT_TYPE.changed, changed("default", 4)),
    event(EVENT_TYPE.changed, changed("user-42", 0)),
    event(EVENT_TYPE.changed, changed("user-42", 4)),
  ];
  await aws.call(["events", "put_events", { Entries }]);
}

/** The details of the events that reached a queue. */
async function receive(aws: Aws, QueueUrl: string): Promise<readonly unknown[]> {
  const answer = await aws.call(["sqs", "receive_message", { QueueUrl, MaxNumberOfMessages: 10 }]);
  const { Messages: messages = [] } = Object(answer).output;
  return messages.map(({ Body }: { readonly Body: string }) => JSON.parse(Body).detail);
}

async function readTemplate(assembly: string, stackName = STACK): Promise<Template> {
  return JSON.parse(await readFile(join(assembly, `${stackName}.template.json`), "utf8"));
}

function routesOf({ Resources }: Template): Deployment["routes"] {
  return Object.values(Resources).flatMap(({ Type, Properties: { RouteKey, AuthorizationType } = {} }) =>
    Type === "AWS::ApiGatewayV2::Route" ? [`${RouteKey}, ${AuthorizationType}`] : [],
  );
}

function alarmsOf({ Resources }: Template): Deployment["alarms"] {
  const alarms = Object.entries(Resources).filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm");
  return Object.fromEntries(alarms.map(([logicalId, { Properties = {} }]) => [logicalId, Properties]));
}
