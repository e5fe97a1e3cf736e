import type { FaultPlan } from "../../sandbox/faults.ts";
import { USER_IDS, type UserId } from "../../sandbox/xt/grants.ts";
import type { XtStandIn } from "../../sandbox/xt/start-xt.ts";
import { type Aws, textIn } from "./aws-calls.ts";
import type { Connection, Fleet } from "./deployment.ts";
import { startFaultyAws } from "./faulty-aws.ts";
import { type Lambda, type LambdaStage, startLambda } from "./lambda.ts";
import { lookAtConnection } from "./play-connecting.ts";
import type { Ending } from "./runtime-api.ts";

const CENSUS = '{"census":true}';

const SIZE = 200;
/** How many runs are at work at the same time. More would wait for this machine. */
const AT_ONCE = 6;

/** What goes wrong while a user is connected. The fleet has each of these in turn. */
const TROUBLES = [
  "none",
  "code-delivered-twice",
  "create-secret-unanswered",
  "stage-refused",
  "stage-unanswered",
  "promotion-refused",
  "publication-refused",
  "schedule-refused",
  "none",
  "killed",
] as const;
/** Starting another process takes long, so that only some runs are killed. */
const DEATHS = ["after-exchange", "after-stage", "after-promotion", "none"] as const;

type Trouble = (typeof TROUBLES)[number] | (typeof DEATHS)[number];

interface User {
  readonly connection: string;
  readonly trouble: Trouble;
  readonly xtUser: UserId;
  readonly code: string;
}

export interface FleetStage extends LambdaStage {
  readonly functionName: string;
  readonly xt: XtStandIn;
}

/** Connects a fleet through the deployed function while AWS fails and runs die, ticks it as its schedules say, and takes censuses. */
export async function playFleet({ functionName, xt, ...stage }: FleetStage): Promise<Fleet> {
  const faulty = await startFaultyAws(stage.motoUrl);
  const lambda = await startLambda({ ...stage, awsUrl: faulty.url }, functionName);
  const { aws } = stage;
  const users = Array.from({ length: SIZE }, (_, index) => userOf(index, xt.code(xtUserOf(index))));
  const authorize = ({ connection, code }: User) => lambda.invoke(JSON.stringify({ connection, authorize: { code } }));
  try {
    const exchangesBefore = xt.exchanges.length;
    faulty.setFaults(troublesOf(users, (connection) => lambda.kill(`"${connection}"`)));
    xt.setFaults(({ input }) => {
      const user = users.find(({ code }) => code === input["code"]);
      if (user?.trouble !== "after-exchange") return undefined;
      return { kind: "kill", when: "after", kill: () => lambda.kill(`"${user.connection}"`) };
    });
    const deliveries = await each(users, async (user) => {
      const sent = user.trouble === "code-delivered-twice" ? [authorize(user), authorize(user)] : [authorize(user)];
      const endings = (await Promise.all(sent)).map(endOf).sort().join(" and ");
      return `${user.trouble}: ${endings}`;
    });
    faulty.setFaults(undefined);
    xt.setFaults(undefined);
    // Whom the run's death left without a page opens the link again, or reloads the page.
    const again = users.filter(({ trouble }) => trouble === "after-exchange");
    const reload = users.filter(({ trouble }) => trouble === "after-promotion");
    const tries = [...again.map((user) => ({ ...user, code: xt.code(user.xtUser) })), ...reload];
    const second = await each(tries, async (user) => `${user.trouble}: ${endOf(await authorize(user))}`);
    const exchanges = xt.exchanges.length - exchangesBefore;

    const firstCensus = (await lambda.invoke(CENSUS)).body;
    const ticks = await tickAll(aws, lambda);
    await doHarm(aws, lambda);
    const secondCensus = (await lambda.invoke(CENSUS)).body;
    await tickAll(aws, lambda, ["trader-1", "trader-21"]);
    const thirdCensus = (await lambda.invoke(CENSUS)).body;

    const held = await each(users, ({ connection }) => lookAtConnection(aws, lambda, connection));
    const printed = lambda.printed();
    const secrets = [
      ...tries.map(({ code }) => code),
      ...users.map(({ code }) => code),
      ...held.flatMap(({ pair }) => [Object(pair).access_token, Object(pair).refresh_token]),
    ];
    return {
      deliveries: tally(deliveries),
      second: tally(second),
      exchanges,
      firstCensus,
      ticks: tally(ticks),
      secondCensus,
      thirdCensus,
      held: tally(held.map((connection, index) => faultIn(connection, xt, xtUserOf(index)))),
      refreshTokens: new Set(held.map(({ pair }) => Object(pair).refresh_token)).size,
      leaks: secrets.filter((secret) => secret && printed.includes(secret)).length,
    };
  } finally {
    await lambda.stop();
    await faulty.close();
  }
}

function userOf(index: number, code: string): User {
  const trouble = TROUBLES[index % TROUBLES.length] ?? "none";
  const death = DEATHS[Math.floor(index / TROUBLES.length) % DEATHS.length] ?? "none";
  return {
    connection: `trader-${index + 1}`,
    trouble: trouble === "killed" ? death : trouble,
    xtUser: xtUserOf(index),
    code,
  };
}

function xtUserOf(index: number): UserId {
  return USER_IDS[index % 2 === 0 ? 0 : 1];
}

/** AWS's part of the troubles. What is refused stays refused, but for the staging write, of which two requests are. */
function troublesOf(users: readonly User[], kill: (connection: string) => void): FaultPlan {
  const troubles = new Map(users.map(({ connection, trouble }) => [connection, trouble]));
  const met = new Map<string, number>();
  return ({ operation, input }) => {
    const name = String(input["SecretId"] ?? input["Name"] ?? Object(input["Target"]).Input);
    const [, connection = "", secret] = /(trader-\d+)(?:\/(pair|access-token))?/.exec(name) ?? [];
    const act =
      secret === "pair" && JSON.stringify(input["VersionStages"] ?? "").includes("XT_ISSUED") ? "Stage" : operation;
    const key = `${connection} ${act}`;
    const nth = (met.get(key) ?? 0) + 1;
    met.set(key, nth);
    switch (`${troubles.get(connection)} ${act}`) {
      case "create-secret-unanswered CreateSecret":
      case "stage-unanswered Stage":
        return nth === 1 ? { kind: "drop", when: "after" } : undefined;
      case "stage-refused Stage":
        return nth <= 2 ? refusal(500, "InternalServiceError") : undefined;
      case "promotion-refused UpdateSecretVersionStage":
        return secret === "pair" ? refusal(400, "AccessDeniedException") : undefined;
      case "publication-refused PutSecretValue":
        return secret === "access-token" ? refusal(400, "AccessDeniedException") : undefined;
      case "schedule-refused CreateSchedule":
        return refusal(403, "AccessDeniedException");
      case "after-stage Stage":
      case "after-promotion UpdateSecretVersionStage":
        return { kind: "kill", when: "after", kill: () => kill(connection) };
      default:
        return undefined;
    }
  };
}

function refusal(status: number, code: string) {
  return {
    kind: "reply",
    when: "before",
    status,
    headers: { "x-amzn-errortype": code },
    body: `{"__type":"${code}"}`,
  } as const;
}

/** Sends what the schedules of the group would send, each once, but for the census. */
async function tickAll(aws: Aws, lambda: Lambda, names?: readonly string[]): Promise<readonly string[]> {
  const GroupName = lambda.deployed.environment["SCHEDULE_GROUP_NAME"];
  return each(names ?? (await scheduleNames(aws, GroupName)), async (Name) => {
    const schedule = await aws.call(["scheduler", "get_schedule", { GroupName, Name }]);
    const input = textIn(schedule, "output", "Target", "Input");
    return input === CENSUS ? "a census" : endOf(await lambda.invoke(input));
  });
}

async function scheduleNames(aws: Aws, GroupName: string | undefined): Promise<readonly string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const input = { GroupName, MaxResults: 100, ...(NextToken === undefined ? {} : { NextToken }) };
    const { output } = Object(await aws.call(["scheduler", "list_schedules", input]));
    names.push(...output.Schedules.map(({ Name }: { readonly Name: string }) => Name));
    NextToken = output.NextToken;
  } while (NextToken !== undefined);
  return names;
}

/** What people do to a fleet: they delete a schedule, disable two, let one invoke something else, and delete what workloads read. */
async function doHarm(aws: Aws, { deployed: { environment } }: Lambda): Promise<void> {
  const GroupName = environment["SCHEDULE_GROUP_NAME"];
  await aws.call(["scheduler", "delete_schedule", { GroupName, Name: "trader-1" }]);
  const change = async (Name: string, changed: (target: object) => object) => {
    const { output } = Object(await aws.call(["scheduler", "get_schedule", { GroupName, Name }]));
    const { FlexibleTimeWindow, ScheduleExpression, Target } = output;
    const input = { GroupName, Name, FlexibleTimeWindow, ScheduleExpression, Target, ...changed(Target) };
    await aws.call(["scheduler", "update_schedule", input]);
  };
  await change("trader-9", () => ({ State: "DISABLED" }));
  await change("trader-11", () => ({ State: "DISABLED" }));
  const Arn = "arn:aws:lambda:us-east-1:123456789012:function:another:live";
  await change("trader-19", (target) => ({ Target: { ...target, Arn } }));
  const SecretId = `${environment["CONNECTION_PREFIX"]}trader-21/access-token`;
  await aws.call(["secretsmanager", "delete_secret", { SecretId, ForceDeleteWithoutRecovery: true }]);
}

/** The outcome, or the error's name, with the code of a reason. */
function endOf({ body }: Ending): string {
  const { outcome, reason = "", errorType } = Object(body);
  return outcome === undefined ? String(errorType) : `${outcome}, ${String(reason).split(":")[0]}`;
}

/** What is wrong with a connection in the end. */
function faultIn({ pair, accessToken, schedule }: Connection, xt: XtStandIn, xtUser: UserId): string {
  const { refresh_token: refreshToken, access_token: token, user_id: user } = Object(pair);
  if (user !== xtUser) return "the pair belongs to another XT user";
  if (!xt.isLive(String(refreshToken))) return "XT does not take the refresh token";
  if (Object(accessToken).access_token !== token) return "the access token is not published";
  return schedule.kind === "answered" ? "well" : "no schedule";
}

function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Does the work for every item, some at the same time. */
async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  async function drain(): Promise<void> {
    for (const [index, item] of queue) results[index] = await work(item);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, drain));
  return results;
}
