import { randomUUID } from "node:crypto";
import { type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { ENVIRONMENT } from "../../lambda/contract.ts";
import { restJson, restRefusal } from "../aws-json/rest-json.ts";
import { ALIAS, CENSUS, FUNCTION_NAME, SCHEDULE } from "../deployed.ts";
import type { Answer } from "../faults.ts";
import { listen, readWhole, urlOf, type WholeRequest } from "../listen.ts";
import type { World } from "../world.ts";
import { REDIRECT_PATH } from "../xt/answer-browser.ts";
import { answerCloudFormation } from "./answer-cloudformation.ts";
import { answerLambda, type Invoke } from "./answer-lambda.ts";

export interface Account {
  /** The address of all its services, for `AWS_ENDPOINT_URL`, without a trailing slash. */
  readonly url: string;
  /** Stops listening and cuts every connection. The world lives on. */
  close(): Promise<void>;
}

/**
 * Starts an account in which the function of this world is deployed, on 127.0.0.1 over plain HTTP. One address answers for every
 * service that a command asks: a request's target, path or form says which one is meant. Signatures are not looked at.
 */
export async function startAccount(world: World, invoke: Invoke): Promise<Account> {
  const createdAtMs = world.now();
  const outputs = outputsOf(world);

  async function answer(request: WholeRequest): Promise<Answer> {
    return (
      (await answerLambda(request, invoke, world.settings)) ??
      answerCloudFormation(request, outputs, createdAtMs) ??
      answerCloudWatch(request)
    );
  }

  const { url, close } = await listen(0, async (request, response) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    if (target.startsWith("secretsmanager.")) return forward(request, response, world.secretsManager.port);
    if (target.startsWith("AmazonSSM.")) return forward(request, response, world.parameterStore.port);
    if (urlOf(request).pathname.startsWith("/schedules")) return forward(request, response, world.scheduler.port);
    const { status, headers, body } = await answer(await readWhole(request));
    const date = new Date(world.now()).toUTCString();
    response.writeHead(status, { "x-amzn-requestid": randomUUID(), date, ...headers }).end(body);
  });
  return { url, close };
}

/** The address to which XT sends the browser of a person who grants access. */
export function redirectUriOf({ xt }: World): string {
  return `${xt.url}${REDIRECT_PATH}`;
}

/** The outputs that a command reads, with the stack's names. Only this stand-in has `AuthorizationUrl`. */
function outputsOf(world: World): Readonly<Record<string, string>> {
  const prefix = world.settings[ENVIRONMENT.connectionPrefix];
  return {
    TokenSecretArn: world.secretArns.token,
    ClientSecretArn: world.secretArns.client,
    AccessTokenSecretArn: world.secretArns.accessToken,
    FunctionName: `${FUNCTION_NAME}:${ALIAS}`,
    AuthorizationUrl: world.xt.url,
    RedirectUri: redirectUriOf(world),
    ScheduleGroupName: SCHEDULE.group,
    ScheduleName: SCHEDULE.name,
    CensusScheduleName: CENSUS,
    ...(prefix === undefined ? {} : { ConnectionPrefix: prefix }),
  };
}

/** Hands a request on to a stand-in that listens by itself. A connection that it cuts is cut here, too. */
export function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const onward = send({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => request.socket.destroy());
  request.pipe(onward);
}

/**
 * Answers CloudWatch's `DescribeAlarms` with no alarm (JSON protocol), and refuses any other request.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
function answerCloudWatch({ method, path, headers }: WholeRequest): Answer {
  const target = headers["x-amz-target"];
  if (target === "GraniteServiceVersion20100801.DescribeAlarms") {
    return restJson(200, { MetricAlarms: [], CompositeAlarms: [] }, { "content-type": "application/x-amz-json-1.0" });
  }
  return restRefusal(400, "UnknownOperationException", `the stand-in knows no ${target ?? `${method} ${path}`}`);
}
