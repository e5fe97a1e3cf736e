import { App } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { readSettings } from "../../lib/settings.ts";
import { XtTokenRotationStack } from "../../lib/xt-token-rotation-stack.ts";

/** The project's stack and, beside it, the role of a workload that reads the access token. */
const app = new App();
const stack = new XtTokenRotationStack(app, "XtTokenRotation", readSettings(app.node.getAllContext()));
const workload = new Role(stack, "Workload", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
stack.rotation.grantReadAccessToken(workload);
