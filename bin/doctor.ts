import { DEFAULT_CONNECTION, ENVIRONMENT } from "../lambda/contract.ts";
import type { InspectedCheck } from "../lambda/inspection.ts";
import { callAws, describeSecret, scheduleGroupOf, type Target, tokenSecretOf, unlessAbsent } from "./aws.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { inspect, type Seen } from "./invoke.ts";
import { type Call, logCommandLine, signOf, tellNext } from "./show.ts";

/** What was examined; `severity` is `null` where it could not be. */
interface Check {
  readonly name: string;
  readonly severity: InspectedCheck["severity"] | null;
  readonly message: string;
  /** What to do, or a whole line to type. */
  readonly next: string | null;
}

/** As long as the longest name, `access-token-secret`. */
const NAME_WIDTH = 19;

/** Shows one line for each thing that the connection needs. The exit code is that of the worst. */
export async function run({ target, options, terminal }: Call): Promise<Exit> {
  const asked = terminal.waiting("asking the function", inspect(target));
  const fromOutside = Promise.all([
    examined("schedule", () => checkSchedule(target)),
    examined("alarms", () => checkAlarms(target)),
    examined("encryption", () => checkEncryption(target)),
  ]);
  const checks = [...functionChecks(target, await asked), ...(await fromOutside).flat()];
  const has = (severity: Check["severity"]) => checks.some((check) => check.severity === severity);
  const exit = has(null) ? EXIT.failed : has(4) ? 4 : has(3) ? 3 : EXIT.done;
  if (options.json) terminal.json({ schema: 1, checks });
  for (const check of options.json ? [] : checks) {
    const sign = check.severity === null ? terminal.bad("?") : signOf(terminal, check.severity);
    terminal.tell(`${sign} ${check.name.padEnd(NAME_WIDTH)}  ${check.message}`);
    if (check.next !== null) terminal.tell(`  ${terminal.dim("next")} ${terminal.bold(check.next)}`);
  }
  if (!options.json && exit !== EXIT.done) tellNext(terminal, logCommandLine(target));
  return exit;
}

function functionChecks(target: Target, seen: Seen): readonly Check[] {
  if (seen.kind === "blind") return [{ name: "function", severity: null, message: seen.why, next: null }];
  const { checks, settings, verdict } = seen.inspection;
  const line = (words: string | null) => (words === null ? null : target.commandLine(words));
  return [
    { name: "function", severity: 0, message: `${target.functionName} runs, version ${settings.version}`, next: null },
    ...checks.map((check) => ({ ...check, next: line(check.next) })),
    { name: "connection", severity: verdict.severity, message: verdict.message, next: line(verdict.next) },
  ];
}

/** A check that fails is a finding of its own, and the other checks are still shown. */
async function examined(name: string, examine: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await examine();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return [{ name, severity: null, message: error.message, next: null }];
  }
}

async function checkSchedule(target: Target): Promise<readonly Check[]> {
  const { connection, outputs } = target;
  const names =
    connection === DEFAULT_CONNECTION
      ? ([
          ["schedule", outputs["ScheduleName"], "nothing renews the pair"],
          ["census", outputs["CensusScheduleName"], "nothing counts the connections that no tick looks after"],
        ] as const)
      : ([["schedule", connection, "nothing renews the pair"]] as const);
  const checks = await Promise.all(
    names.map(([name, schedule, loss]) => examineSchedule(target, name, schedule, loss)),
  );
  return checks.flat();
}

/**
 * Checks that a schedule exists, is enabled and invokes the function.
 *
 * @param schedule its name; nothing is checked if it is unknown
 * @param loss what happens while it is disabled
 */
async function examineSchedule(
  target: Target,
  name: string,
  schedule: string | undefined,
  loss: string,
): Promise<readonly Check[]> {
  const { connection, functionName, functionArn, region } = target;
  const GroupName = scheduleGroupOf(target);
  if (GroupName === undefined || schedule === undefined) return [];
  const { GetScheduleCommand, SchedulerClient } = await import("@aws-sdk/client-scheduler");
  const client = new SchedulerClient({ region });
  const command = new GetScheduleCommand({ GroupName, Name: schedule });
  const on = `${GroupName}/${schedule}`;
  const found = await callAws("scheduler:GetSchedule", on, region, () => {
    const sent = client.send(command);
    // CloudFormation makes the schedule of `default` and of the census, so a missing one is a failure. The census makes all others.
    return connection === DEFAULT_CONNECTION ? sent : unlessAbsent(sent);
  });
  if (found === undefined) {
    const next = "wait: within an hour the census makes it, if the connection has a token secret";
    return [{ name, severity: 3, message: `there is no schedule ${on}`, next }];
  }
  const { State: state, ScheduleExpression: expression, Target: invoked } = found;
  if (state !== "ENABLED") {
    const message = `the schedule is ${state}, and ${loss}`;
    return [{ name, severity: 4, message, next: `enable ${on} in EventBridge Scheduler` }];
  }
  // A person may name the function without its alias.
  if (!`${invoked?.Arn}:`.startsWith(`${functionArn}:`)) {
    const message = `the schedule does not invoke ${functionName}`;
    return [{ name, severity: 4, message, next: `set the target of ${on}` }];
  }
  return [{ name, severity: 0, message: `${expression}, enabled, invokes ${functionName}`, next: null }];
}

/** Alarms that ring, each by its own description: it says what is wrong and where the runbook is. */
async function checkAlarms({ stackName, region }: Target): Promise<readonly Check[]> {
  if (stackName === undefined) return [];
  const { CloudWatchClient, DescribeAlarmsCommand } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatchClient({ region });
  const AlarmNamePrefix = `${stackName}-`;
  const command = new DescribeAlarmsCommand({ AlarmNamePrefix, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  const found = await callAws("cloudwatch:DescribeAlarms", `${AlarmNamePrefix}*`, region, () => client.send(command));
  const alarms = [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])];
  const ringing = alarms.filter(({ StateValue: state }) => state === "ALARM");
  if (alarms.length === 0) {
    const next = "deploy the stack with alarms=true, or watch the function's metrics in another way";
    return [{ name: "alarms", severity: 3, message: "the stack has no alarms, so nobody learns of a failure", next }];
  }
  if (ringing.length > 0) {
    return ringing.map(({ AlarmName: alarm, AlarmDescription: description = "" }) => {
      return { name: "alarm", severity: 4, message: `${alarm} rings: ${description}`, next: null } as const;
    });
  }
  return [{ name: "alarms", severity: 0, message: `none of ${alarms.length} rings`, next: null }];
}

/** The escrow must protect a pair as well as its secret does. */
async function checkEncryption(target: Target): Promise<readonly Check[]> {
  const { environment, outputs, region } = target;
  const tokenSecretId = tokenSecretOf(target);
  const clientSecretId = environment[ENVIRONMENT.clientSecretId] ?? outputs["ClientSecretArn"];
  if (tokenSecretId === undefined || clientSecretId === undefined) return [];
  const ids = [tokenSecretId, clientSecretId];
  const [token, client] = await Promise.all(ids.map((id) => describeSecret(id, region)));
  // The function's own checks report a secret that does not exist.
  if (token === undefined || client === undefined) return [];
  const keys = [
    `key of the token secret ${keyName(token.KmsKeyId)}`,
    `of the client secret ${keyName(client.KmsKeyId)}`,
  ];
  if (environment[ENVIRONMENT.escrowParameterPrefix] !== undefined) {
    keys.push(`of the escrow ${keyName(environment[ENVIRONMENT.escrowKeyId])}`);
  }
  const areAlike = new Set(keys.map((key) => key.split(" ").at(-1))).size === 1;
  const next = areAlike ? null : "deploy the stack with encryptionKeyArn, unless you want different keys";
  return [{ name: "encryption", severity: areAlike ? 0 : 3, message: keys.join(", "), next }];
}

/** The last part of an id, ARN or alias, by which two spellings of one key agree. */
function keyName(keyId = "alias/aws/"): string {
  if (/(^|:)alias\/aws\//.test(keyId)) return "aws-managed";
  return keyId.replace(/^.*:/, "").replace(/^key\//, "");
}
