import type { CreateScheduleCommandInput } from "@aws-sdk/client-scheduler";
import type { FunctionEvent } from "../contract.ts";
import type { ListedSchedule, Schedules } from "../rotation/fleet-ports.ts";
import { StoreUnavailable } from "../rotation/store-errors.ts";
import { awsErrorName } from "./aws-error.ts";
import { resend } from "./resend.ts";
import {
  ConflictException,
  CreateScheduleCommand,
  FlexibleTimeWindowMode,
  ListSchedulesCommand,
  SchedulerClient,
  ScheduleState,
  UpdateScheduleCommand,
} from "./scheduler-client.ts";
import { PATIENT } from "./secret-value.ts";

/** What the schedules of further connections have in common. */
export interface TickOptions {
  readonly groupName: string;
  /** Role by which the Scheduler invokes the function. */
  readonly roleArn: string;
  /** A schedule expression, in UTC. */
  readonly expression: string;
}

/** In minutes. It spreads schedules that would tick at the same moment: 10,000 ticks become 33 a second. */
const WINDOW_MINUTES = 5;

/** The retries cover the call to Lambda, not the run. They end after 5 minutes, because the next tick does the same work. */
const RETRIES = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 };

/** The most that one call takes. */
const PAGE = 100;

/**
 * Schedules of EventBridge Scheduler: one for each further connection, with the connection's name.
 *
 * @param functionArn the function that they invoke, with its alias
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function createTickSchedules({ groupName, roleArn, expression }: TickOptions, functionArn: string): Schedules {
  const client = new SchedulerClient({ maxAttempts: 1 });

  function scheduleOf(connection: string): CreateScheduleCommandInput {
    const tick: FunctionEvent = { connection };
    return {
      GroupName: groupName,
      Name: connection,
      Description: "Looks whether the XT.COM token pair of one connection is due and renews it if so",
      ScheduleExpression: expression,
      FlexibleTimeWindow: { Mode: FlexibleTimeWindowMode.FLEXIBLE, MaximumWindowInMinutes: WINDOW_MINUTES },
      Target: { Arn: functionArn, RoleArn: roleArn, Input: JSON.stringify(tick), RetryPolicy: RETRIES },
    };
  }

  async function ask<Answer>(operation: string, name: string, send: (signal: AbortSignal) => Promise<Answer>) {
    try {
      return await resend(PATIENT, send);
    } catch (error) {
      throw new StoreUnavailable("scheduler", operation, name, awsErrorName(error));
    }
  }

  return {
    async list() {
      const listed = new Map<string, ListedSchedule>();
      let token: string | undefined;
      do {
        const command = new ListSchedulesCommand({ GroupName: groupName, MaxResults: PAGE, NextToken: token });
        const page = await ask("ListSchedules", groupName, (abortSignal) => client.send(command, { abortSignal }));
        for (const { Name: name = "", State: state, Target: target } of page.Schedules ?? []) {
          listed.set(name, { isEnabled: state !== ScheduleState.DISABLED, isOurs: invokes(target?.Arn, functionArn) });
        }
        token = page.NextToken;
      } while (token !== undefined);
      return listed;
    },

    async make(connection) {
      const command = new CreateScheduleCommand(scheduleOf(connection));
      await ask("CreateSchedule", `${groupName}/${connection}`, async (abortSignal) => {
        try {
          await client.send(command, { abortSignal });
        } catch (error) {
          // The schedule exists. An earlier attempt of this call may have made it.
          if (!(error instanceof ConflictException)) throw error;
        }
      });
    },

    async correct(connection, { isEnabled }) {
      const state = isEnabled ? ScheduleState.ENABLED : ScheduleState.DISABLED;
      const command = new UpdateScheduleCommand({ ...scheduleOf(connection), State: state });
      await ask("UpdateSchedule", `${groupName}/${connection}`, (abortSignal) => client.send(command, { abortSignal }));
    },
  };
}

/**
 * Says whether a schedule invokes this function. If the function was invoked without its alias, the answer is always yes: otherwise a
 * census that a person starts without the alias would correct every schedule to a target without the alias.
 */
function invokes(target: string | undefined, functionArn: string): boolean {
  const alias = /^arn:[^:]+:lambda:[^:]+:\d+:function:[^:]+:(?!\d+$)[\w-]+$/;
  return target === functionArn || !alias.test(functionArn);
}
