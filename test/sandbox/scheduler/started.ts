import { type CreateScheduleCommandInput, SchedulerClient } from "@aws-sdk/client-scheduler";
import type { EndpointOptions } from "../../../sandbox/aws-json/endpoint.ts";
import { type SchedulerStandIn, startScheduler } from "../../../sandbox/scheduler/server.ts";
import { clientOf } from "../client-of.ts";

export const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

/** The least that a schedule needs, in a group that the stand-in has. */
export const LEAST = {
  GroupName: "desks",
  Name: "user-42",
  ScheduleExpression: "rate(15 minutes)",
  FlexibleTimeWindow: { Mode: "OFF" },
  Target: {
    Arn: "arn:aws:lambda:us-east-1:123456789012:function:tick:live",
    RoleArn: "arn:aws:iam::123456789012:role/tick",
  },
} as const satisfies CreateScheduleCommandInput;

/** A stand-in with the group `desks`, and the real client that talks to it. Both end with the test. */
export async function start(
  options: EndpointOptions = {},
): Promise<{ readonly standIn: SchedulerStandIn; readonly client: SchedulerClient }> {
  const standIn = await startScheduler({ now: () => NOW_MS, ...options });
  standIn.schedules.createGroup("desks");
  return { standIn, client: clientOf(standIn, SchedulerClient) };
}
