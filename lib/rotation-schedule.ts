import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import {
  Schedule,
  ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
  TimeWindow,
} from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { FunctionEvent } from "../lambda/contract.ts";

/** What a schedule invokes, and where undelivered events go. */
export interface ScheduleTarget {
  /** The alias. Invoking the function itself would need a wildcard for its versions. */
  readonly alias: IAlias;
  /** @default - events that the Scheduler cannot deliver to Lambda are dropped */
  readonly deadLetterQueue?: IQueue;
}

/** The connection `default`, and no force: the policy decides whether a renewal is due. */
const TICK: FunctionEvent = {};

const CENSUS: FunctionEvent = { census: true };

/** Spreads the ticks of thousands of connections. The schedules that the function makes have the same window. */
const CONNECTION_WINDOW = TimeWindow.flexible(Duration.minutes(5));

/**
 * The schedules of EventBridge Scheduler that invoke the function. They have a group of their own, because the Scheduler has metrics only
 * per group, and one role. The schedules that the function makes have the same group and the same role.
 *
 * The group and the role are made before the function, because its environment names both. The schedules are made after it, because they
 * name its alias.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
 */
export class RotationSchedule extends Construct {
  readonly group: ScheduleGroup;
  /** May invoke the alias and write dead letters. Its policy is a separate resource: an inline policy would make the template circular. */
  readonly role: Role;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.group = new ScheduleGroup(this, "Group");
    // The library retains a group, and its name is fixed: the stack could not be created a second time.
    this.group.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.role = new Role(this, "Role", {
      description: "Lets the schedules of the XT.COM token rotation invoke it",
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": Stack.of(this).account, "aws:SourceArn": this.group.scheduleGroupArn },
        },
      }),
    });
  }

  /** Ticks the connection `default`. */
  addTick(schedule: ScheduleExpression, target: ScheduleTarget): Schedule {
    return new Schedule(this, "Tick", {
      description: "Looks whether the XT.COM token pair is due and renews it if so",
      schedule,
      scheduleGroup: this.group,
      timeWindow: TimeWindow.off(),
      target: this.invocation(TICK, target),
    });
  }

  /** Takes a census once an hour. */
  addCensus(target: ScheduleTarget): Schedule {
    return new Schedule(this, "Census", {
      description: "Counts the XT.COM connections, and those that no tick looks after",
      schedule: ScheduleExpression.rate(Duration.hours(1)),
      scheduleGroup: this.group,
      timeWindow: TimeWindow.off(),
      target: this.invocation(CENSUS, target),
    });
  }

  /** Ticks a further connection. The schedule has the name that the function would give it, so the function does not make a second one. */
  addConnection(connection: string, schedule: ScheduleExpression, target: ScheduleTarget): Schedule {
    // In a scope of their own, so that a connection named Tick does not collide with the schedule of `default`.
    const scope = this.node.tryFindChild("Connections") ?? new Construct(this, "Connections");
    return new Schedule(scope, connection, {
      description: "Looks whether the token pair of one XT.COM connection is due and renews it if so",
      scheduleName: connection,
      schedule,
      scheduleGroup: this.group,
      timeWindow: CONNECTION_WINDOW,
      target: this.invocation({ connection }, target),
    });
  }

  /**
   * The retries cover the delivery of the event to Lambda, not the run. By default the Scheduler makes 185 attempts in 24 hours, and would
   * deliver this morning's ticks in the evening.
   */
  private invocation(event: FunctionEvent, { alias, deadLetterQueue }: ScheduleTarget): LambdaInvoke {
    return new LambdaInvoke(alias, {
      role: this.role,
      input: ScheduleTargetInput.fromObject(event),
      deadLetterQueue,
      retryAttempts: 2,
      maxEventAge: Duration.minutes(5),
    });
  }
}
