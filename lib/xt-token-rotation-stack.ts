import { CfnOutput, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { seedCommand } from "../lambda/contract.ts";
import type { Settings } from "./settings.ts";
import { XtTokenRotation } from "./xt-token-rotation.ts";

/** What a stack takes, and the settings that a person chose. */
export interface XtTokenRotationStackProps extends Omit<StackProps, keyof Settings>, Settings {}

/**
 * One connection, deployed: the rotation and, as outputs, whatever a person needs next.
 *
 * The names of the outputs and the ids of the constructs are an external contract.
 */
export class XtTokenRotationStack extends Stack {
  readonly rotation: XtTokenRotation;

  constructor(scope: Construct, id: string, props: XtTokenRotationStackProps = {}) {
    super(scope, id, { description: "Keeps an OAuth grant at XT.COM alive", ...props });
    this.rotation = new XtTokenRotation(this, "Rotation", {
      encryptionKey:
        props.encryptionKeyArn === undefined
          ? undefined
          : Key.fromKeyArn(this, "EncryptionKey", props.encryptionKeyArn),
      schedule: props.schedule,
      baseUrl: props.baseUrl,
      unknownOutcomePolicy: props.unknownOutcomePolicy,
      exchangeTimeout: props.exchangeTimeout,
      logRetention: props.logRetention,
    });
    // Security Hub's SecretsManager.5 wants every secret to carry a tag.
    Tags.of(this).add("application", "xt-token-rotation");
    this.addOutputs();
  }

  private addOutputs(): void {
    const tokenSecretArn = this.rotation.tokenSecret.secretArn;
    const clientSecretArn = this.rotation.clientSecret.secretArn;
    const functionName = this.rotation.alias.functionName;
    const output = (id: string, description: string, value: string) => new CfnOutput(this, id, { description, value });
    output("TokenSecretArn", "Secret whose AWSCURRENT version holds the token pair; workloads read it", tokenSecretArn);
    output("ClientSecretArn", "Secret that holds the client credentials", clientSecretArn);
    output("FunctionName", "The rotation's function with its alias", functionName);
    output("DeadLetterQueueUrl", "Queue of ticks that failed", this.rotation.deadLetterQueue.queueUrl);
    output("SeedCommand", "Type this next: it asks for the credentials", seedCommand(tokenSecretArn, clientSecretArn));
    output(
      "TickCommand",
      "Type this to run one tick now instead of waiting for the schedule",
      `aws lambda invoke --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout`,
    );
  }
}
