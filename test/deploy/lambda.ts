import { ENVIRONMENT } from "../../lambda/contract.ts";
import { forward } from "../../sandbox/account/start-account.ts";
import { bodyOf, listen, urlOf } from "../../sandbox/listen.ts";
import type { Aws } from "./aws-calls.ts";
import { type DeployedFunction, fetchFunction, type RunningFunction, startFunction } from "./deployed-function.ts";
import type { LambdaRuntime } from "./prerequisites.ts";
import type { Ending } from "./runtime-api.ts";

/** What a function is run with. */
export interface LambdaStage {
  /** A directory for the code. */
  readonly scratch: string;
  readonly runtime: LambdaRuntime;
  readonly aws: Aws;
  /** Where moto and XT's stand-in listen. */
  readonly motoUrl: string;
  readonly xtUrl: string;
  /** What stands between the function and moto. @default nothing */
  readonly awsUrl?: string;
}

/** One deployed function, and a Lambda that runs it. */
export interface Lambda {
  readonly deployed: DeployedFunction;
  /** As `AWS_ENDPOINT_URL_LAMBDA` takes it. */
  readonly url: string;
  /** Runs an event in an execution environment that is idle, or in a new one. */
  invoke(event: string): Promise<Ending>;
  /** Kills the execution environment whose event holds this text. */
  kill(text: string): void;
  /** By all execution environments. */
  printed(): string;
  stop(): Promise<void>;
}

const ALIAS = "live";

/**
 * Runs a deployed function with its own settings and its own role's permissions. Only the addresses of AWS and XT are others. Its endpoint
 * answers `Invoke` of the alias and hands every other request on to moto, which keeps functions and cannot run them.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function startLambda(stage: LambdaStage, functionName: string): Promise<Lambda> {
  const { scratch, runtime, aws, motoUrl, xtUrl } = stage;
  const deployed = await fetchFunction(aws, functionName, scratch);
  const session = await aws.assume(deployed.roleArn);
  const environment = { AWS_ENDPOINT_URL: stage.awsUrl ?? motoUrl, [ENVIRONMENT.baseUrl]: xtUrl };
  const all: RunningFunction[] = [];
  const idle: RunningFunction[] = [];
  const busy = new Map<RunningFunction, string>();

  async function startOne(): Promise<RunningFunction> {
    const one = await startFunction(deployed, { runtime, session, environment, alias: ALIAS });
    all.push(one);
    return one;
  }

  async function invoke(event: string): Promise<Ending> {
    const one = idle.pop() ?? (await startOne());
    busy.set(one, event);
    const ending = await one.invoke(event);
    busy.delete(one);
    if (ending.kind !== "died") idle.push(one);
    return ending;
  }

  const invocations = `/2015-03-31/functions/${functionName}:${ALIAS}/invocations`;
  const { url, close } = await listen(0, async (request, response) => {
    const isInvoke = request.method === "POST" && decodeURIComponent(urlOf(request).pathname) === invocations;
    if (!isInvoke) return forward(request, response, Number(new URL(motoUrl).port));
    const { kind, body } = await invoke(await bodyOf(request));
    // A failure of the function travels with 200.
    const headers = kind === "response" ? {} : { "X-Amz-Function-Error": "Unhandled" };
    response.writeHead(200, headers).end(JSON.stringify(body));
  });
  return {
    deployed,
    url,
    invoke,
    kill(text) {
      for (const [one, event] of busy) if (event.includes(text)) one.kill();
    },
    printed: () => all.map((one) => one.printed()).join(""),
    async stop() {
      await close();
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}
