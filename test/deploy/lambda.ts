import { ENVIRONMENT } from "../../lambda/contract.ts";
import { forward } from "../../sandbox/account/start-account.ts";
import { bodyOf, listen, urlOf } from "../../sandbox/listen.ts";
import type { Aws } from "./aws-calls.ts";
import { type DeployedFunction, fetchFunction, type RunningFunction, startFunction } from "./deployed-function.ts";
import type { LambdaRuntime } from "./prerequisites.ts";

/** What a function is run with. */
export interface LambdaStage {
  /** A directory for the code. */
  readonly scratch: string;
  readonly runtime: LambdaRuntime;
  readonly aws: Aws;
  /** Where moto and XT's stand-in listen. */
  readonly motoUrl: string;
  readonly xtUrl: string;
}

/** One deployed function, and a Lambda that runs it. */
export interface Lambda extends RunningFunction {
  readonly deployed: DeployedFunction;
  /** As `AWS_ENDPOINT_URL_LAMBDA` takes it. */
  readonly url: string;
}

/**
 * Runs a deployed function with its own settings and its own role's permissions. Only the addresses of AWS and XT are others. Its endpoint
 * answers `Invoke` of the alias and hands every other request on to moto, which keeps functions and cannot run them.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function startLambda(stage: LambdaStage, functionName: string): Promise<Lambda> {
  const { scratch, runtime, aws, motoUrl, xtUrl } = stage;
  const deployed = await fetchFunction(aws, functionName, scratch);
  const running = await startFunction(deployed, {
    runtime,
    session: await aws.assume(deployed.roleArn),
    environment: { AWS_ENDPOINT_URL: motoUrl, [ENVIRONMENT.baseUrl]: xtUrl },
  });
  const invocations = `/2015-03-31/functions/${functionName}:live/invocations`;
  const { url, close } = await listen(0, async (request, response) => {
    const isInvoke = request.method === "POST" && decodeURIComponent(urlOf(request).pathname) === invocations;
    if (!isInvoke) return forward(request, response, Number(new URL(motoUrl).port));
    const { kind, body } = await running.invoke(await bodyOf(request));
    // A failure of the function travels with 200.
    const headers = kind === "response" ? {} : { "X-Amz-Function-Error": "Unhandled" };
    response.writeHead(200, headers).end(JSON.stringify(body));
  });
  return {
    ...running,
    deployed,
    url,
    async stop() {
      await close();
      await running.stop();
    },
  };
}
