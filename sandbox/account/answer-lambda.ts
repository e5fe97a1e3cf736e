import { randomUUID } from "node:crypto";
import { restJson, restRefusal } from "../aws-json/rest-json.ts";
import { ALIAS, FUNCTION_ARN, FUNCTION_NAME } from "../deployed.ts";
import type { Answer } from "../faults.ts";
import type { WholeRequest } from "../listen.ts";
import type { Ending } from "../run-bundle.ts";

/** Runs the function once and returns how it ended. */
export type Invoke = (event: unknown) => Promise<Ending>;

const VERSION = "1";
const INVOKE = /^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/;
const GET_CONFIGURATION = /^GET \/2015-03-31\/functions\/([^/]+)\/configuration$/;

/**
 * Answers Lambda's `Invoke` and `GetFunctionConfiguration` for the one function; `undefined` for any other request.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function answerLambda(
  { method, path, query, headers, body }: WholeRequest,
  invoke: Invoke,
  environment: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
  const toInvoke = INVOKE.exec(`${method} ${path}`);
  const [, name] = toInvoke ?? GET_CONFIGURATION.exec(`${method} ${path}`) ?? [];
  if (name === undefined) return undefined;
  const asked = name.replaceAll("%3A", ":");
  if (!isFunction(asked, query.get("Qualifier"))) {
    return restRefusal(404, "ResourceNotFoundException", `Function not found: ${asked}`);
  }
  if (toInvoke === null) return restJson(200, configuration(environment));
  const event = parsed(body);
  if (event === undefined) {
    return restRefusal(400, "InvalidRequestContentException", "Could not parse request body into json");
  }
  switch (headers["x-amz-invocation-type"] ?? "RequestResponse") {
    case "DryRun":
      return { status: 204, headers: {}, body: "" };
    case "Event":
      void invoke(event.value);
      return { status: 202, headers: {}, body: "" };
    default:
      return ended(await invoke(event.value));
  }
}

/** The name may be an ARN, and may end with the alias in place of the qualifier. Only the alias is deployed. */
function isFunction(asked: string, qualifier: string | null): boolean {
  const named = asked.startsWith(FUNCTION_ARN) ? asked.replace(FUNCTION_ARN, FUNCTION_NAME) : asked;
  const full = qualifier === null || named.endsWith(`:${qualifier}`) ? named : `${named}:${qualifier}`;
  return [`${FUNCTION_NAME}:${ALIAS}`, `${FUNCTION_NAME}:${VERSION}`, FUNCTION_NAME].includes(full);
}

function configuration(variables: Readonly<Record<string, string>>): object {
  return {
    FunctionName: FUNCTION_NAME,
    FunctionArn: `${FUNCTION_ARN}:${ALIAS}`,
    Version: VERSION,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Timeout: 120,
    MemorySize: 1_769,
    State: "Active",
    LastUpdateStatus: "Successful",
    LoggingConfig: { LogFormat: "JSON", LogGroup: `/aws/lambda/${FUNCTION_NAME}` },
    Environment: { Variables: variables },
  };
}

/** A failure of the function travels with 200, as Lambda's own header tells. */
function ended(ending: Ending): Answer {
  switch (ending.kind) {
    case "returned":
      return restJson(200, ending.result, { "x-amz-executed-version": VERSION });
    case "threw":
      return failed({ errorType: ending.name, errorMessage: ending.message, trace: ending.trace });
    case "died":
      return failed({
        errorType: "Runtime.ExitError",
        errorMessage: `RequestId: ${randomUUID()} Error: Runtime exited with error: signal: killed`,
      });
  }
}

function failed(payload: object): Answer {
  return restJson(200, payload, { "x-amz-executed-version": VERSION, "x-amz-function-error": "Unhandled" });
}

/** An empty payload is an empty event. */
function parsed(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body || "{}") };
  } catch {
    return undefined;
  }
}
