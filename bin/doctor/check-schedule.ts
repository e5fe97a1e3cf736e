import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { CREDENTIALS_REMEDY, isAboutCredentials } from "../command-line/aws-failure.ts";
import type { Deployment } from "../command-line/command.ts";
import { bad, type Check, type Examination, good, type Remark } from "./checks.ts";

/** The schedule that ticks, as EventBridge Scheduler describes it. */
export interface Schedule {
  readonly state: string | undefined;
  readonly expression: string | undefined;
  readonly targetArn: string | undefined;
}

/** The schedule exists, is enabled and invokes the function. */
export function scheduleCheck({ target }: Examination): Check {
  return {
    title: "schedule",
    async examine() {
      const { stack } = target;
      if (stack === undefined) {
        return {
          kind: "unchecked",
          sentence: "the secrets are named one by one, name the stack to have its schedule checked",
        };
      }
      if (stack.schedule === undefined) {
        const sentence = `the stack ${stack.stackName} does not say what its schedule is called`;
        return {
          kind: "unchecked",
          sentence,
          next: "npx cdk deploy adds the outputs ScheduleGroupName and ScheduleName",
        };
      }
      return askScheduler(stack, stack.schedule, target.region);
    },
  };
}

async function askScheduler(
  stack: Deployment,
  { group, name }: NonNullable<Deployment["schedule"]>,
  region: string | undefined,
): Promise<Remark> {
  const { GetScheduleCommand, SchedulerClient } = await import("@aws-sdk/client-scheduler");
  const client = new SchedulerClient(region === undefined ? {} : { region });
  try {
    const answer = await client.send(new GetScheduleCommand({ GroupName: group, Name: name }));
    const { State: state, ScheduleExpression: expression, Target: invoked } = answer;
    return judgeSchedule(stack, { state, expression, targetArn: invoked?.Arn });
  } catch (error) {
    const code = awsErrorName(error);
    return bad(`GetSchedule on ${group}/${name} failed with ${code}`, remedy(code, stack.functionName));
  } finally {
    client.destroy();
  }
}

/** Deploying the stack anew mends nothing that was done behind its back: it has not changed, as far as CloudFormation knows. */
function remedy(code: string, functionName: string): string {
  if (isAboutCredentials(code)) return CREDENTIALS_REMEDY;
  if (code.startsWith("AccessDenied")) return "allow scheduler:GetSchedule";
  if (code === "ResourceNotFoundException") {
    return `somebody deleted it: create it in EventBridge Scheduler under this name, every 15 minutes, for ${functionName} with input {}`;
  }
  return "check the network and the region";
}

/** Pure. */
export function judgeSchedule({ functionName }: Deployment, schedule: Schedule): Remark {
  const { state, expression, targetArn } = schedule;
  if (state !== "ENABLED") {
    const sentence = `the schedule is ${state ?? "in an unknown state"}, so that nothing ticks`;
    return bad(sentence, "enable it in EventBridge Scheduler");
  }
  if (!targetArn?.endsWith(`:function:${functionName}`)) {
    return bad(`the schedule does not invoke ${functionName}`, "set its target in EventBridge Scheduler");
  }
  return good(`${expression}, enabled, invokes ${functionName}`);
}
