import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { type AlarmReporting, alarmDescription, alarmName, reportTo } from "./alarm-reporting.ts";
import { threeTicks } from "./alarm-window.ts";
import type { XtTokenRotation } from "./xt-token-rotation.ts";

/** What is to be heard, and who speaks otherwise. */
export interface NoHeartbeatAlarmProps {
  readonly rotation: XtTokenRotation;
  readonly interval: Duration;
  readonly reporting: AlarmReporting;
  /** Says why there is no heartbeat, so that this alarm need not ring too. */
  readonly halted: IAlarm;
}

/**
 * What the first tick may need beyond one interval: 5 minutes to be delivered, a cold start, and the minutes until CloudWatch has
 * read its metrics from the log. Without it, every deployment to a new account would page.
 */
const FIRST_TICK_ALLOWANCE = Duration.minutes(10);

/**
 * Rings when no tick has ended well for three intervals, and when none runs at all: missing data are breaching. Such an alarm goes
 * into ALARM as soon as it is created, since all of its past is missing. Hence two alarms: one watches the metric and tells nobody,
 * and a composite one tells people, and waits before it does.
 *
 * ```
 *  deploy     first tick                            15-minute schedule
 *    │            │
 *    ├── ALARM ───┴── OK ──────────────             metric alarm: all missing, then one heartbeat
 *    ├── waits for the suppressor ───┤ 25 min       composite: OK again before it has told anybody
 *
 *  last heartbeat
 *    │   15    30    45   up to 75 min
 *    ├─────┴─────┴─────┼── ALARM ────────────       metric alarm: three empty periods
 *                      ├─ waits ─┤ 25 min
 *                                └─► topic          composite: nothing has come, it pages
 *
 *  halted ticks:       ├── ALARM, suppressed        the alarm Halted has told why, this one stays silent
 * ```
 *
 * AWS documents the wait, and not in so many words that an alarm which is OK again at its end tells nobody. At worst the first
 * deployment sends one message to a topic whose subscriber has hardly confirmed.
 *
 * A third of an access token's life, XT's shortest documented one being a day, is 8 hours: the wait takes little of it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
export class NoHeartbeatAlarm extends Construct {
  readonly alarm: CompositeAlarm;

  constructor(scope: Construct, id: string, { rotation, interval, reporting, halted }: NoHeartbeatAlarmProps) {
    super(scope, id);
    const window = threeTicks(interval);
    const silence = new Alarm(this, "Silence", {
      alarmName: alarmName(reporting, "NoHeartbeat-Silence"),
      alarmDescription: "Watches for the alarm NoHeartbeat, which tells people",
      metric: rotation.metricHeartbeat({ period: window.period }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: window.evaluationPeriods,
      datapointsToAlarm: window.datapointsToAlarm,
      treatMissingData: TreatMissingData.BREACHING,
    });
    const wait = interval.plus(FIRST_TICK_ALLOWANCE);
    this.alarm = new CompositeAlarm(this, "Resource", {
      compositeAlarmName: alarmName(reporting, "NoHeartbeat"),
      alarmDescription: alarmDescription(reporting, "NoHeartbeat"),
      alarmRule: AlarmRule.allOf(silence),
      actionsSuppressor: halted,
      actionsSuppressorWaitPeriod: wait,
      // When a halt ends, the next tick is given the same time to be heard.
      actionsSuppressorExtensionPeriod: wait,
    });
    reportTo(reporting, this.alarm);
  }
}
