import type { Answer } from "../faults.ts";
import type { WholeRequest } from "../listen.ts";
import { ALIAS, FUNCTION_ARN, SCHEDULE } from "./deployed.ts";
import { restJson, restRefusal } from "./rest-json.ts";

/**
 * Answers EventBridge Scheduler's `GetSchedule` for the one schedule; `undefined` for any other request. At home it ticks more often
 * than the Scheduler can, whose shortest rate is a minute.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
 */
export function answerScheduler({ method, path, query }: WholeRequest): Answer | undefined {
  const [, name] = /^\/schedules\/([^/]+)$/.exec(path) ?? [];
  if (method !== "GET" || name === undefined) return undefined;
  if (name !== SCHEDULE.name || query.get("groupName") !== SCHEDULE.group) {
    return restRefusal(404, "ResourceNotFoundException", `Schedule ${name} does not exist.`);
  }
  return restJson(200, {
    Arn: `arn:aws:scheduler:us-east-1:123456789012:schedule/${SCHEDULE.group}/${SCHEDULE.name}`,
    GroupName: SCHEDULE.group,
    Name: SCHEDULE.name,
    State: "ENABLED",
    ScheduleExpression: "rate(1 minute)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn: `${FUNCTION_ARN}:${ALIAS}`, RoleArn: "arn:aws:iam::123456789012:role/tick", Input: "{}" },
  });
}
