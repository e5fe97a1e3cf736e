/** The part of the SDK's client for EventBridge Scheduler that schedules need. `ssm-client.ts` says why it is a module of its own. */
export {
  ConflictException,
  CreateScheduleCommand,
  FlexibleTimeWindowMode,
  ListSchedulesCommand,
  SchedulerClient,
  ScheduleState,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
