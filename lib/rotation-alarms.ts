import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmBase,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type MathExpression,
  type Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { FAILURE, METRIC } from "../lambda/contract.ts";
import type { AlarmId } from "./alarm-catalogue.ts";
import { type AlarmReporting, alarmDescription, alarmName, reportTo } from "./alarm-reporting.ts";
import {
  type AlarmWindow,
  oneTick,
  rememberedForADay,
  twoOfThreeHours,
  untilNextAttempt,
  untilUnsaid,
  wholeDay,
} from "./alarm-window.ts";
import { NoHeartbeatAlarm } from "./no-heartbeat-alarm.ts";
import type { XtTokenRotation } from "./xt-token-rotation.ts";

/** What is watched, and from which values on. */
export interface RotationAlarmsProps {
  readonly rotation: XtTokenRotation;
  /** The longest time between two ticks. */
  readonly interval: Duration;
  readonly reporting: AlarmReporting;
  /** How much of the refresh token's life is left when its alarm rings. */
  readonly refreshTokenExpiry: Duration;
}

/**
 * Share of the access token's life, in percent, that is left when its alarm rings. A share and no time, so that it suits a life of an
 * hour as it does one of half a year. Renewal is due at 33: above it the alarm would ring every time, close below it at the first failure.
 */
export const ACCESS_TOKEN_LIFE_LEFT_PERCENT = 15;

/** Every failed run leaves one dead letter, since nothing is retried: the first two are the next ticks' to mend. */
const DEAD_LETTERS = 3;

/** What an alarm compares; everything else follows from its kind. */
interface Watch {
  readonly metric: Metric | MathExpression;
  readonly window: AlarmWindow;
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: TreatMissingData;
}

interface CountWatch extends Watch {
  readonly metric: Metric;
}

/** One alarm for each entry of the catalogue. */
export class RotationAlarms extends Construct {
  readonly byId: Readonly<Record<AlarmId, AlarmBase>>;
  private readonly props: RotationAlarmsProps;

  constructor(scope: Construct, id: string, props: RotationAlarmsProps) {
    super(scope, id);
    this.props = props;
    const { rotation, interval, reporting, refreshTokenExpiry } = props;
    const { unknownOutcome, rejected, pairNotStored, refreshTokenUnreadable } = FAILURE;
    const halted = this.watch("Halted", happened(rotation.metric(METRIC.halts), untilUnsaid(interval)));
    this.byId = {
      ReauthorizationNeeded: this.whereAny("ReauthorizationNeeded", [
        // The next attempt tells whether a refusal has passed; what is lost, no tick speaks of again.
        happened(rotation.metric(rejected), untilNextAttempt(interval)),
        happened(rotation.metric(pairNotStored), rememberedForADay(interval)),
        happened(rotation.metric(refreshTokenUnreadable), rememberedForADay(interval)),
      ]),
      AccessTokenExpiring: this.watch("AccessTokenExpiring", {
        metric: rotation.metricAccessTokenLifeLeft(),
        window: oneTick(interval),
        ...runsOut(ACCESS_TOKEN_LIFE_LEFT_PERCENT),
      }),
      RefreshTokenExpiring: this.watch("RefreshTokenExpiring", {
        metric: rotation.metricSecondsToRefreshExpiry(),
        window: oneTick(interval),
        ...runsOut(refreshTokenExpiry.toSeconds()),
      }),
      NoHeartbeat: new NoHeartbeatAlarm(this, "NoHeartbeat", { rotation, interval, reporting, halted }).alarm,
      Halted: halted,
      OutcomeUnknown: this.watch(
        "OutcomeUnknown",
        happened(rotation.metric(unknownOutcome), untilNextAttempt(interval)),
      ),
      EscrowInUse: this.watch(
        "EscrowInUse",
        happened(rotation.metric(METRIC.escrowedPairs), untilNextAttempt(interval)),
      ),
      TicksDropped: this.whereAny(
        "TicksDropped",
        [
          rotation.scheduleGroup.metricDropped(),
          rotation.scheduleGroup.metricSentToDLQ(),
          rotation.alias.metric("AsyncEventsDropped"),
        ].map((metric) => happened(metric.with({ statistic: Stats.SUM }), untilNextAttempt(interval))),
      ),
      FunctionErrors: this.watch("FunctionErrors", happened(rotation.alias.metricErrors(), twoOfThreeHours(interval))),
      DeadLetters: this.watch("DeadLetters", {
        ...happened(
          rotation.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM }),
          oneTick(Duration.minutes(5)),
        ),
        threshold: DEAD_LETTERS,
      }),
      NotSeeded: this.watch("NotSeeded", happened(rotation.metric(METRIC.notSeeded), wholeDay(interval))),
    };
  }

  private watch(id: AlarmId, watch: Watch): Alarm {
    const { reporting } = this.props;
    return reportTo(reporting, this.silent(id, alarmDescription(reporting, id), watch));
  }

  /**
   * One alarm over several metrics that are rarely written. Not their sum: metric math knows no value where one of the terms has
   * none, and whether a metric that was never written can be filled with zeros is not documented.
   */
  private whereAny(id: AlarmId, watches: readonly CountWatch[]): CompositeAlarm {
    const { reporting } = this.props;
    const parts = watches.map((watch) =>
      this.silent(`${id}-${watch.metric.metricName}`, `Watches for the alarm ${id}, which tells people`, watch),
    );
    const alarm = new CompositeAlarm(this, id, {
      compositeAlarmName: alarmName(reporting, id),
      alarmDescription: alarmDescription(reporting, id),
      alarmRule: AlarmRule.anyOf(...parts),
    });
    return reportTo(reporting, alarm);
  }

  private silent(id: string, alarmDescription: string, { metric, window, ...comparison }: Watch): Alarm {
    const { period, evaluationPeriods, datapointsToAlarm } = window;
    return new Alarm(this, id, {
      alarmName: alarmName(this.props.reporting, id),
      alarmDescription,
      metric: metric.with({ period }),
      evaluationPeriods,
      datapointsToAlarm,
      ...comparison,
    });
  }
}

/** Counts that are written only when it happens: silence is good news here, and the alarm NoHeartbeat knows the bad kind. */
function happened(metric: Metric, window: AlarmWindow): CountWatch {
  return {
    metric,
    window,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}

/** What every tick measures: silence says neither that it has run out nor that it has not, so that the alarm stays as it is. */
function runsOut(threshold: number): Omit<Watch, "metric" | "window"> {
  return {
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold,
    treatMissingData: TreatMissingData.IGNORE,
  };
}
