import type { AlarmBase } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { ALARM_CATALOGUE, type AlarmId } from "./alarm-catalogue.ts";

/** How alarms are called, whom they tell, and where they send the reader. */
export interface AlarmReporting {
  /** Beginning of the alarms' names, unique in the account and Region. */
  readonly namePrefix: string;
  readonly topic: ITopic;
  /** The runbook's place, to which an anchor is added. */
  readonly runbookUrl: string;
}

export function alarmName({ namePrefix }: AlarmReporting, id: string): string {
  return `${namePrefix}-${id}`;
}

/** The sentence and the link: all that a notification says about what to do. */
export function alarmDescription({ runbookUrl }: AlarmReporting, id: AlarmId): string {
  const { anchor, sentence } = ALARM_CATALOGUE[id];
  return `${sentence}. Runbook: ${runbookUrl}#${anchor}`;
}

/** Tells of the beginning and of the end, which closes the incident that the beginning has opened. */
export function reportTo<T extends AlarmBase>({ topic }: AlarmReporting, alarm: T): T {
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
  return alarm;
}
