import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { stackTemplate } from "../infra/synthesis.ts";
import { DEPLOYED, monthlyCost, monthlyCostOfOneMore, renderCost } from "./cost.ts";

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
  template.hasResourceProperties("AWS::Scheduler::Schedule", { ScheduleExpression: "rate(1 hour)" });
  expect(DEPLOYED).toMatchObject({ ticksPerHour: 4, censusesPerHour: 1 });
});

it("bills 2,920 ticks, 46 rotations and 730 censuses by the list, and less where free tiers are unused", () => {
  // given what is deployed
  // when
  const items = monthlyCost();

  // then: secrets, calls, Lambda twice, Scheduler, logs, metrics, alarms, dashboard
  const rounded = (amounts: readonly number[]) => amounts.map((amount) => Number(amount.toFixed(4)));
  expect(rounded(items.map(({ list }) => list))).toEqual([1.2, 0.0776, 0.0841, 0.0007, 0.0037, 0.0046, 1.5, 0.6, 3]);
  expect(rounded(items.map(({ withFreeTier }) => withFreeTier))).toEqual([1.2, 0.0776, 0, 0, 0, 0, 0, 0, 0]);
});

it("bills one more connection with its two secrets, its ticks and its part of each census", () => {
  // given what a further connection adds
  // when
  const amounts = monthlyCostOfOneMore().map(({ list }) => Number(list.toFixed(4)));

  // then: secrets, calls, Lambda twice, Scheduler, logs
  expect(amounts).toEqual([0.8, 0.063, 0.0067, 0.0006, 0.0029, 0.0037]);
});

it("is the bill that the documentation shows", () => {
  // given
  const page = readFileSync(new URL("../../docs/performance.md", import.meta.url), "utf8");

  // when
  const bill = renderCost();

  // then
  expect(bill).toContain("| **total** | 6.47 | 1.28 |");
  expect(bill).toContain("| one more connection | 0.88 | 0.88 |");
  expect(page).toContain(bill);
});
