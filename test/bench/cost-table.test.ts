import { expect, it } from "vitest";
import { stackTemplate } from "../infra/synthesis.ts";
import { DEPLOYED, renderCost } from "./cost-table.ts";

it("bills what the stack deploys", () => {
  // given
  const template = stackTemplate();
  const countOf = (type: string) => Object.keys(template.findResources(type)).length;
  const { secrets, alarms, dashboards, memoryMiB } = DEPLOYED;

  // when
  const deployed = {
    secrets: countOf("AWS::SecretsManager::Secret"),
    alarms: countOf("AWS::CloudWatch::Alarm"),
    dashboards: countOf("AWS::CloudWatch::Dashboard"),
  };

  // then
  expect(deployed).toEqual({ secrets, alarms, dashboards });
  expect(template.findResources("AWS::CloudWatch::CompositeAlarm")).toEqual({});
  template.hasResourceProperties("AWS::Lambda::Function", { MemorySize: memoryMiB });
  template.hasResourceProperties("AWS::Scheduler::Schedule", { ScheduleExpression: "rate(15 minutes)" });
  expect(DEPLOYED.ticksPerHour).toBe(4);
});

it("shows both months, and what the free tiers leave", () => {
  // given
  const calls = { idleTick: 3, rotation: 6 };
  const logBytes = { idleTick: 2_000, rotation: 2_500 };

  // when
  const lines = renderCost({ ...DEPLOYED, calls, logBytes }).split("\n");

  // then
  expect(lines[0]).toBe(
    "| USD per month, us-east-1 | nothing is due | a rotation every 16 hours | the same, free tiers unused |",
  );
  expect(lines[3]).toBe("| 8,897 calls of Secrets Manager | 0.04 | 0.04 | 0.04 |");
  expect(lines[7]).toBe("| 3 metrics of every tick | 0.90 | 0.90 | 0.00 |");
  expect(lines.at(-1)).toBe("| **total** | 5.72 | 5.72 | 1.24 |");
});
