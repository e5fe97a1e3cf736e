/** What announcing needs of the SDK's client for EventBridge. A module of its own, for the reason that `ssm-client.ts` gives. */
export { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
