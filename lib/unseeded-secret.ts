import { RemovalPolicy } from "aws-cdk-lib";
import { type AddToResourcePolicyResult, PolicyDocument, type PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { CfnResourcePolicy, CfnSecret, type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
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
 * A secret without any version, which a person or the function fills. It outlives its stack: what it comes to hold is a grant that
 * only a person can give again, or what workloads read. A first deployment that fails takes it along, since it is still empty.
 *
 * The construct's id is an external contract: renaming it makes a new, empty secret and orphans the seeded one.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 */
export class UnseededSecret extends Construct {
  /** The secret by its whole ARN. */
  readonly secret: ISecret;

  private readonly policy = new PolicyDocument();

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
  /** The secret has a resource policy from the first statement on. The secret itself is a reference, whose own method adds nothing. */
  addToResourcePolicy(statement: PolicyStatement): AddToResourcePolicyResult {
    this.policy.addStatements(statement);
    const existing = this.node.tryFindChild("Policy");
    const policyDependable =
      existing ??
      new CfnResourcePolicy(this, "Policy", {
        secretId: this.secret.secretArn,
        resourcePolicy: this.policy,
        blockPublicPolicy: true,
      });
    return { statementAdded: true, policyDependable };
  }
}
