import { RemovalPolicy } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnSecret, type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

/** What an {@link UnseededSecret} can be told. */
export interface UnseededSecretProps {
  /** What the secret holds and who fills it: the first thing that a person reads in the console. */
  readonly description: string;
  /**
   * Key that encrypts the secret.
   * @default - the account's `aws/secretsmanager` key
   */
  readonly encryptionKey?: IKey;
}

/**
 * A secret without any version, which a person fills once. It outlives its stack: what it comes to hold is a grant that only a
 * person can give again. A first deployment that fails takes it along, since nobody has filled it yet.
 *
 * The construct's id is an external contract: renaming it makes a new, empty secret and orphans the seeded one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 */
export class UnseededSecret extends Construct {
  /** The secret by its whole ARN. */
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: UnseededSecretProps) {
    super(scope, id);
    // Not the `Secret` construct: without a value it stores a random password, which the rotator would have to tell from a pair.
    const resource = new CfnSecret(this, "Resource", {
      description: props.description,
      kmsKeyId: props.encryptionKey?.keyArn,
    });
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.secret = Secret.fromSecretAttributes(this, "Secret", {
      secretCompleteArn: resource.ref,
      encryptionKey: props.encryptionKey,
    });
  }
}
