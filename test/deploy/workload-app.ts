import { App } from "aws-cdk-lib";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { onNewToken } from "../../examples/reading/on-new-token.ts";
import { readSettings } from "../../lib/settings.ts";
import { XtTokenRotationStack } from "../../lib/xt-token-rotation-stack.ts";

/** The project's stack, the role of a workload that reads the access token, and a queue that gets the events about new ones. */
const app = new App();
const stack = new XtTokenRotationStack(app, "XtTokenRotation", readSettings(app.node.getAllContext()));
const workload = new Role(stack, "Workload", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
stack.rotation.grantReadAccessToken(workload);
onNewToken(stack, new SqsQueue(new Queue(stack, "Told")));
