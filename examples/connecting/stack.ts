import { join } from "node:path";
import { Duration, Stack, type StackProps } from "aws-cdk-lib";
import { HttpApi, HttpMethod, type IHttpRouteAuthorizer } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Runtime } from "aws-cdk-lib/aws-lambda";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import type { Construct } from "constructs";
import type { IXtTokenRotation } from "../../lib/xt-token-rotation-base.ts";

export interface ConnectingStackProps extends StackProps {
  readonly rotation: IXtTokenRotation;
  /** XT's public id of your client. Only the rotation knows the client secret. */
  readonly clientId: string;
  /** `https://<your domain>/callback`, as it is registered at XT. */
  readonly redirectUri: string;
  /** Verifies the session of the signed-in user, and tells the handler who it is. */
  readonly authorizer: IHttpRouteAuthorizer;
}

/** Lets your users connect their XT accounts: `GET /connect` sends them to XT, `GET /callback` is where XT sends them back. */
export class ConnectingStack extends Stack {
  constructor(scope: Construct, id: string, props: ConnectingStackProps) {
    super(scope, id, props);
    const callback = new NodejsFunction(this, "Callback", {
      entry: join(import.meta.dirname, "callback.ts"),
      runtime: Runtime.NODEJS_24_X,
      // Longer than the rotation may run. The API waits for 30 seconds; a reload then shows what came of it.
      timeout: Duration.seconds(150),
      environment: {
        FUNCTION_NAME: props.rotation.functionName,
        XT_CLIENT_ID: props.clientId,
        REDIRECT_URI: props.redirectUri,
      },
      bundling: { bundleAwsSDK: true },
    });
    props.rotation.grantAuthorize(callback);
    const api = new HttpApi(this, "Api");
    const integration = new HttpLambdaIntegration("Connecting", callback);
    for (const path of ["/connect", "/callback"]) {
      api.addRoutes({ path, methods: [HttpMethod.GET], integration, authorizer: props.authorizer });
    }
  }
}
