import { expect, it } from "vitest";
import { ALARM_IDS } from "../../../lib/alarm-catalogue.ts";
import { ALARM_CONDITIONS } from "../../../sandbox/scenarios/alarm-conditions.ts";
import { stackTemplate } from "../../infra/synthesis.ts";

interface DeployedAlarm {
  readonly AlarmName: string;
  readonly Period?: number;
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Period: number } }[];
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Threshold: number;
}

const template = stackTemplate();

const deployed: readonly DeployedAlarm[] = Object.values(
  template.findResources("AWS::CloudWatch::Alarm") as Record<string, { readonly Properties: DeployedAlarm }>,
).map(({ Properties }) => Properties);

/** Watched by the deployed alarms beside those that a story can set off, and under the same conditions. */
const BESIDE = /-(InvocationsSentToDeadLetterCount|AsyncEventsDropped)$/;

it.each(ALARM_IDS.filter((id) => id !== "NoHeartbeat"))(
  "sets %s off in a story as the deployed alarm goes off",
  (id) => {
    // given
    const alarms = deployed.filter(
      ({ AlarmName }) => new RegExp(`-${id}(-|$)`).test(AlarmName) && !BESIDE.test(AlarmName),
    );

    // when
    const told = ALARM_CONDITIONS[id].map(({ periodMs, periods, breachingPeriods, threshold }) => [
      periodMs / 1_000,
      periods,
      breachingPeriods,
      threshold,
    ]);

    // then
    expect(told).toEqual(
      alarms.map(({ Period, Metrics, EvaluationPeriods, DatapointsToAlarm, Threshold }) => [
        Period ?? Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period,
        EvaluationPeriods,
        DatapointsToAlarm,
        Threshold,
      ]),
    );
  },
);

it("lets NoHeartbeat wait as long as the deployed alarms do together: three periods, and then the suppressor's 25 minutes", () => {
  const [silence] = deployed.filter(({ AlarmName }) => AlarmName.endsWith("-NoHeartbeat-Silence"));
  const [composite] = Object.values(
    template.findResources("AWS::CloudWatch::CompositeAlarm", {
      Properties: { ActionsSuppressorWaitPeriod: 1_500 },
    }),
  );

  expect(silence).toMatchObject({ Period: 900, EvaluationPeriods: 3, DatapointsToAlarm: 3 });
  expect(composite).toBeDefined();
  expect(ALARM_CONDITIONS.NoHeartbeat).toMatchObject([{ periodMs: 900_000, periods: 5, breachingPeriods: 5 }]);
});
