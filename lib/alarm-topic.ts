import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";

/** Whom the topic tells. */
export interface AlarmTopicProps {
  /**
   * Address to subscribe; its owner has to confirm.
   * @default - nobody is subscribed
   */
  readonly email?: string | undefined;
}

/**
 * The topic to which the alarms of this account publish. It is not encrypted with a key: the account's `aws/sns` key is closed to
 * CloudWatch, so that alarms would be lost without a sound, and what they say is no secret.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, props: AlarmTopicProps = {}) {
    super(scope, id);
    this.topic = new Topic(this, "Resource", { displayName: "XT.COM token rotation", enforceSSL: true });
    // A topic with a policy of its own, as TLS makes it have, has lost the default one that let the account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AllowAlarmsOfThisAccount",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    if (props.email !== undefined) this.topic.addSubscription(new EmailSubscription(props.email));
  }
}
