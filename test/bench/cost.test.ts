import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { stackTemplate } from "../infra/synthesis.ts";
import { DEPLOYED, monthlyCost, renderCost } from "./cost.ts";

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

it("bills 2,920 ticks and 46 rotations by the list, and less where free tiers are unused", () => {
  // given what is deployed
  // when
  const items = monthlyCost();

  // then: secrets, calls, Lambda twice, Scheduler, logs, metrics, alarms, dashboard
  const rounded = (amounts: readonly number[]) => amounts.map((amount) => Number(amount.toFixed(4)));
  expect(rounded(items.map(({ list }) => list))).toEqual([1.2, 0.0593, 0.0673, 0.0006, 0.0029, 0.0037, 0.9, 0.5, 3]);
  expect(rounded(items.map(({ withFreeTier }) => withFreeTier))).toEqual([1.2, 0.0593, 0, 0, 0, 0, 0, 0, 0]);
});

it("is the bill that the documentation shows", () => {
  // given
  const page = readFileSync(new URL("../../docs/performance.md", import.meta.url), "utf8");

  // when
  const bill = renderCost();

  // then
  expect(bill).toContain("| **total** | 5.73 | 1.26 |");
  expect(page).toContain(bill);
});
