import { App, Duration, Stack } from "aws-cdk-lib";
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { onPersonNeeded } from "../../examples/connecting/on-person-needed.ts";
import { ConnectingStack } from "../../examples/connecting/stack.ts";
import { onNewToken } from "../../examples/reading/on-new-token.ts";
import { readSettings } from "../../lib/settings.ts";
import { XtTokenRotationStack } from "../../lib/xt-token-rotation-stack.ts";

/** The project's stack, roles of workloads that read access tokens, queues that get the events, and the page that connects users. */
const app = new App();
const stack = new XtTokenRotationStack(app, "XtTokenRotation", readSettings(app.node.getAllContext()));
const workload = new Role(stack, "Workload", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
stack.rotation.grantReadAccessToken(workload);
stack.rotation.grantReadAccessToken(workload, "user-42");
const reporting = new Role(stack, "Reporting", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
stack.rotation.grantReadAllAccessTokens(reporting);
onNewToken(stack, new SqsQueue(new Queue(stack, "Told")));
onPersonNeeded(stack, new SqsQueue(new Queue(stack, "Asked")));

const sessions = new LambdaFunction(new Stack(app, "Institution"), "Sessions", {
  runtime: Runtime.NODEJS_24_X,
  handler: "index.handler",
  code: Code.fromInline("exports.handler = async () => ({ isAuthorized: false });"),
});
new ConnectingStack(app, "Connecting", {
  rotation: stack.rotation,
  clientId: "35LF2FSLHX5IRQA4",
  redirectUri: "https://desk.example/callback",
  authorizer: new HttpLambdaAuthorizer("Sessions", sessions, {
    identitySource: ["$request.header.Cookie"],
    responseTypes: [HttpLambdaResponseType.SIMPLE],
    // A session that has ended connects nobody.
    resultsCacheTtl: Duration.seconds(0),
  }),
});
