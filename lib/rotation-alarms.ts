import { Duration } from "aws-cdk-lib";
import { Alarm, CfnAlarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { type AlarmCondition, type AlarmId, alarms, chapterOf } from "./alarms.ts";
import type { XtTokenRotation } from "./xt-token-rotation.ts";

/** What is watched, from which values on, and who is told. */
export interface RotationAlarmsProps {
  readonly rotation: XtTokenRotation;
  /** The longest time between two ticks. */
  readonly interval: Duration;
  /** How much of the refresh token's life is left when its alarm rings. */
  readonly refreshTokenExpiry: Duration;
  /** Beginning of the alarms' names, unique in the account and Region. */
  readonly namePrefix: string;
  readonly topic: ITopic;
  /** The runbook's place, to which an anchor is added. */
  readonly runbookUrl: string;
}

const COMPARISON = {
  below: ComparisonOperator.LESS_THAN_THRESHOLD,
  "at least": ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
} as const;

const MISSING = {
  breaching: TreatMissingData.BREACHING,
  notBreaching: TreatMissingData.NOT_BREACHING,
  ignore: TreatMissingData.IGNORE,
} as const;

/** The alarms of the table in `alarms.ts`. Each tells the topic of its beginning, and of its end, which closes the incident. */
export class RotationAlarms extends Construct {
  readonly byId: Readonly<Record<AlarmId, Alarm>>;
  private readonly props: RotationAlarmsProps;

  constructor(scope: Construct, id: string, props: RotationAlarmsProps) {
    super(scope, id);
    this.props = props;
    const table = alarms({
      intervalMinutes: props.interval.toMinutes(),
      refreshExpirySeconds: props.refreshTokenExpiry.toSeconds(),
    });
    this.byId = {
      AccessTokenExpiring: this.create("AccessTokenExpiring", table.AccessTokenExpiring),
      PersonNeeded: this.create("PersonNeeded", table.PersonNeeded),
      TicksNotSucceeding: this.create("TicksNotSucceeding", table.TicksNotSucceeding),
      ConnectionUnattended: this.create("ConnectionUnattended", table.ConnectionUnattended),
      PairOutOfPlace: this.create("PairOutOfPlace", table.PairOutOfPlace),
      RefreshTokenExpiring: this.create("RefreshTokenExpiring", table.RefreshTokenExpiring),
    };
  }

  private create(id: AlarmId, condition: AlarmCondition): Alarm {
    const { rotation, namePrefix, runbookUrl, topic } = this.props;
    const { statistic, periodMinutes, warmUpMinutes } = condition;
    const alarm = new Alarm(this, id, {
      alarmName: `${namePrefix}-${id}`,
      alarmDescription: `${condition.sentence}. Runbook: ${runbookUrl}${chapterOf(id)}`,
      metric: rotation.metric(condition.metricName, { statistic, period: Duration.minutes(periodMinutes) }),
      comparisonOperator: COMPARISON[condition.comparison],
      threshold: condition.threshold,
      evaluationPeriods: condition.periods,
      datapointsToAlarm: condition.breachingPeriods,
      treatMissingData: MISSING[condition.missing],
    });
    const resource = alarm.node.defaultChild;
    // The library's own class does not know the warm-up yet.
    if (resource instanceof CfnAlarm && warmUpMinutes !== undefined)
      resource.warmUpConfiguration = { warmUpPeriodDurationInMinutes: warmUpMinutes };
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  }
}
