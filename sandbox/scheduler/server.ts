import { type Endpoint, type EndpointOptions, startEndpoint } from "../aws-json/endpoint.ts";
import type { Input } from "../aws-json/fields.ts";
import { Refusal, type RefusalCode } from "../aws-json/refusal.ts";
import { restJson, restRefusal } from "../aws-json/rest-json.ts";
import { type Decoded, parseObject, type Service } from "../aws-json/service.ts";
import type { WholeRequest } from "../listen.ts";
import { OPERATIONS, type World } from "./operations.ts";
import { Schedules } from "./schedules.ts";

export interface SchedulerStandIn extends Endpoint {
  /** The stored schedules, without HTTP or faults. */
  readonly schedules: Schedules;
}

/** Operations on one schedule, by the method of the request. */
const OF_ONE: Readonly<Record<string, string>> = {
  POST: "CreateSchedule",
  PUT: "UpdateSchedule",
  GET: "GetSchedule",
  DELETE: "DeleteSchedule",
};

/** Names of the input's fields, by the names of the query's parameters. */
const QUERY_OF_ONE = { groupName: "GroupName", clientToken: "ClientToken" };
const QUERY_OF_LIST = { ScheduleGroup: "GroupName", NamePrefix: "NamePrefix", State: "State", NextToken: "NextToken" };

const STATUS: Partial<Record<RefusalCode, number>> = {
  ConflictException: 409,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
};

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html */
const SERVICE: Service<World> = {
  operations: OPERATIONS,
  decode(request) {
    const { method = "", path } = request;
    const [, encodedName] = /^\/schedules\/([^/]+)$/.exec(path) ?? [];
    if (encodedName !== undefined && OF_ONE[method] !== undefined)
      return decodeOne(OF_ONE[method], encodedName, request);
    if (path === "/schedules" && method === "GET") return decodeList(request);
    return garbled("", "UnknownOperationException", `the stand-in knows no ${method} ${path}`);
  },
  granted: (body) => restJson(200, body),
  refused: ({ code, message }) => restRefusal(STATUS[code] ?? 400, code, message),
};

function decodeOne(operation: string, encodedName: string, { method, query, headers, body }: WholeRequest): Decoded {
  const Name = decodedName(encodedName);
  if (method === "GET" || method === "DELETE") {
    return { kind: "understood", operation, input: { ...named(query, QUERY_OF_ONE), Name } };
  }
  if (headers["content-type"] !== "application/json") {
    return garbled(operation, "SerializationException", "content-type must be application/json");
  }
  const input = parseObject(body);
  if (input === undefined) return garbled(operation, "SerializationException", "the body must be a JSON object");
  return { kind: "understood", operation, input: { ...named(query, {}), ...input, Name } };
}

function decodeList({ query }: WholeRequest): Decoded {
  const size = query.get("MaxResults");
  query.delete("MaxResults");
  const MaxResults = size === null || !/^-?\d+$/.test(size) ? size : Number(size);
  return {
    kind: "understood",
    operation: "ListSchedules",
    input: { ...named(query, QUERY_OF_LIST), MaxResults },
  };
}

/** The input's fields in a query. An unknown parameter gets a question mark before its name, so the operation refuses it. */
function named(query: URLSearchParams, names: Readonly<Record<string, string>>): Input {
  return Object.fromEntries([...query].map(([name, value]) => [names[name] ?? `?${name}`, value]));
}

/** The decoded name. If the encoding is wrong, the text stays as it is, and the check of names refuses it. */
function decodedName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function garbled(operation: string, code: RefusalCode, message: string): Decoded {
  return { kind: "garbled", operation, refusal: new Refusal(code, message) };
}

/** Starts a strict stand-in for EventBridge Scheduler on 127.0.0.1, over plain HTTP. It refuses what AWS refuses, and ticks nothing. */
export async function startScheduler(options: EndpointOptions = {}): Promise<SchedulerStandIn> {
  const { now = Date.now } = options;
  const schedules = new Schedules();
  // Not spread: a spread would copy the endpoint's count of connections once, and the copy would not change.
  return Object.assign(await startEndpoint(SERVICE, () => ({ schedules, nowMs: now() }), options), { schedules });
}
