import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IAlias } from "aws-cdk-lib/aws-lambda";
import {
  Schedule,
  type ScheduleExpression,
  ScheduleGroup,
  ScheduleTargetInput,
  TimeWindow,
} from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { FunctionEvent } from "../lambda/contract.ts";

/** What ticks, and when. */
export interface RotationScheduleProps {
  readonly schedule: ScheduleExpression;
  /** The alias to invoke. Invoking the function itself would need a wildcard for its versions. */
  readonly target: IAlias;
  /** Where ticks end that could not even be handed to Lambda. */
  readonly deadLetterQueue: IQueue;
}

/** The connection `default`, and no force: the policy decides whether a renewal is due. */
const TICK: FunctionEvent = {};

/**
 * Ticks the rotation with EventBridge Scheduler, in a group of its own: its metrics exist per group only.
 *
 * The retries cover handing the event to Lambda, not the run. The Scheduler's own default is 185 attempts in 24 hours, which
 * would still deliver ticks of this morning in the evening.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
 */
export class RotationSchedule extends Construct {
  readonly group: ScheduleGroup;
  readonly tick: Schedule;

  constructor(scope: Construct, id: string, props: RotationScheduleProps) {
    super(scope, id);
    this.group = new ScheduleGroup(this, "Group");
    // The library retains a group, and its name is fixed: the stack could not be created a second time.
    this.group.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.tick = new Schedule(this, "Tick", {
      description: "Looks whether the XT.COM token pair is due and renews it if so",
      schedule: props.schedule,
      scheduleGroup: this.group,
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(props.target, {
        input: ScheduleTargetInput.fromObject(TICK),
        deadLetterQueue: props.deadLetterQueue,
        retryAttempts: 2,
        maxEventAge: Duration.minutes(5),
      }),
    });
  }
}
