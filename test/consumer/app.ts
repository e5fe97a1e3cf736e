import { App, Duration, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import {
  EVENT_SOURCE,
  EVENT_TYPE,
  type EventDetail,
  type FunctionEvent,
  type Inspection,
  type IXtTokenRotation,
  type PublishedToken,
  RotationMonitoring,
  type RotationMonitoringProps,
  type RotationResult,
  XtTokenRotation,
  type XtTokenRotationProps,
  XtTokenRotationStack,
  type XtTokenRotationStackProps,
} from "xt-token-rotation";

const app = new App();

// The whole stack, in an app of somebody's own, onto the secrets of a destroyed one where the context names them.
const settings: XtTokenRotationStackProps = {
  redirectUri: "https://desk.example/xt",
  dashboard: false,
  tokenSecretArn: app.node.tryGetContext("tokenSecretArn"),
  clientSecretArn: app.node.tryGetContext("clientSecretArn"),
  accessTokenSecretArn: app.node.tryGetContext("accessTokenSecretArn"),
};
new XtTokenRotationStack(app, "XtTokenRotation", settings);

// The constructs beside what an institution has already.
const stack = new Stack(app, "Own");
const props: XtTokenRotationProps = { schedule: ScheduleExpression.rate(Duration.minutes(30)) };
const rotation = new XtTokenRotation(stack, "Xt", props);
const pager: RotationMonitoringProps = { rotation, alarmTopic: new Topic(stack, "Pager") };
new RotationMonitoring(stack, "Monitoring", pager);
rotation.grantReadAccessToken(new Role(stack, "Workload", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));
rotation.metricSeverity().createAlarm(stack, "Worst", { threshold: 4, evaluationPeriods: 1 });

// What another app has deployed already.
const elsewhere: IXtTokenRotation = XtTokenRotation.fromXtTokenRotationAttributes(stack, "Elsewhere", {
  functionName: "XtTokenRotation-Function:live",
  accessTokenSecret: Secret.fromSecretNameV2(stack, "Token", "xt/access-token"),
});
elsewhere.grantInvoke(new Role(stack, "Backend", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));

// What a backend and a workload exchange with the function.
const event: FunctionEvent = { connection: "desk-a", inspect: true };
export const describe = ({ outcome }: RotationResult, { verdict }: Inspection) => `${outcome} ${verdict.code}`;
export const bearer = ({ access_token }: PublishedToken) => `Bearer ${access_token}`;
export const isHint = (source: string, type: string, detail: EventDetail) =>
  source === EVENT_SOURCE && type === EVENT_TYPE.published && detail.connection === event.connection;

app.synth();
