/**
 * What a CDK app imports, and what a workload written in TypeScript needs to read the token and the events.
 *
 * @packageDocumentation
 */
export {
  EVENT_SOURCE,
  EVENT_TYPE,
  type EventDetail,
  type EventType,
  type FunctionEvent,
  type PublishedToken,
  type RotationResult,
} from "../lambda/contract.ts";
export type { Inspection } from "../lambda/inspection.ts";
export type { XtTokenRotationAttributes } from "./imported-rotation.ts";
export { RotationMonitoring, type RotationMonitoringProps } from "./rotation-monitoring.ts";
export { type XtConnection, XtTokenRotation, type XtTokenRotationProps } from "./xt-token-rotation.ts";
export type { IXtTokenRotation } from "./xt-token-rotation-base.ts";
export { XtTokenRotationStack, type XtTokenRotationStackProps } from "./xt-token-rotation-stack.ts";
