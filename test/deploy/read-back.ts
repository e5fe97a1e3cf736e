import type { Answer, Aws, Call } from "./aws-calls.ts";

type Properties = Readonly<Record<string, unknown>>;

/** As `cdk synth` writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
}

/** A resource of a template, and what CloudFormation made of it. */
export interface Resource {
  /** In the template. */
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Properties;
}

/** A resource and what the API of its service says about it, with `<logical id>` for every name that was drawn. */
export interface Reading {
  readonly logicalId: string;
  readonly type: string;
  readonly answer: Answer;
}

/** How each type is read; what has no identity of its own is read where it was attached, which `at` finds for a `Ref`. */
const CALLS: Readonly<
  Record<string, (id: string, properties: Properties, at: (reference: unknown) => string) => Call>
> = {
  "AWS::SecretsManager::Secret": (SecretId) => ["secretsmanager", "describe_secret", { SecretId }],
  "AWS::SQS::Queue": (QueueUrl) => ["sqs", "get_queue_attributes", { QueueUrl, AttributeNames: ["All"] }],
  "AWS::SQS::QueuePolicy": (_, { Queues }, at) => [
    "sqs",
    "get_queue_attributes",
    { QueueUrl: at(Queues), AttributeNames: ["Policy"] },
  ],
  "AWS::Logs::LogGroup": (logGroupNamePrefix) => ["logs", "describe_log_groups", { logGroupNamePrefix }],
  "AWS::IAM::Role": (RoleName) => ["iam", "get_role", { RoleName }],
  "AWS::IAM::Policy": (_, { Roles, PolicyName }, at) => ["iam", "get_role_policy", { RoleName: at(Roles), PolicyName }],
  "AWS::Lambda::Function": (FunctionName) => ["lambda", "get_function", { FunctionName }],
  "AWS::Lambda::Version": (FunctionName) => ["lambda", "get_function_configuration", { FunctionName }],
  "AWS::Lambda::Alias": (_, { FunctionName, Name }, at) => [
    "lambda",
    "get_alias",
    { FunctionName: at(FunctionName), Name },
  ],
  "AWS::Lambda::EventInvokeConfig": (id) => [
    "lambda",
    "get_function_event_invoke_config",
    { FunctionName: id.replace("|", ":") },
  ],
  "AWS::Scheduler::ScheduleGroup": (Name) => ["scheduler", "get_schedule_group", { Name }],
  "AWS::Scheduler::Schedule": (Name, { GroupName }) => ["scheduler", "get_schedule", { Name, GroupName }],
  "AWS::CloudWatch::Alarm": (name) => ["cloudwatch", "describe_alarms", { AlarmNames: [name] }],
  "AWS::CloudWatch::Dashboard": (DashboardName) => ["cloudwatch", "get_dashboard", { DashboardName }],
  "AWS::Events::Rule": (Name) => ["events", "describe_rule", { Name }],
  "AWS::SNS::Topic": (TopicArn) => ["sns", "get_topic_attributes", { TopicArn }],
  "AWS::SNS::TopicPolicy": (_, { Topics }, at) => ["sns", "get_topic_attributes", { TopicArn: at(Topics) }],
  "AWS::SNS::Subscription": (SubscriptionArn) => ["sns", "get_subscription_attributes", { SubscriptionArn }],
};

/** Every resource that a template names and CloudFormation has made; of one that moto skipped it knows no more than the name. */
export async function listResources(aws: Aws, stackName: string, template: Template): Promise<readonly Resource[]> {
  const answer = await aws.call(["cloudformation", "describe_stack_resources", { StackName: stackName }]);
  if (answer.kind === "refused") throw new Error(`${stackName}: ${answer.code}, expected its resources`);
  const { StackResources: made } = answer.output as {
    readonly StackResources: readonly Readonly<Record<string, string>>[];
  };
  return made.flatMap(
    ({ LogicalResourceId: logicalId = "", ResourceType: type, PhysicalResourceId: physicalId = "" }) =>
      type ? [{ logicalId, type, physicalId, properties: template.Resources[logicalId]?.Properties ?? {} }] : [],
  );
}

/** What CloudFormation called the only resource of a type whose logical id is so. */
export function physicalId(resources: readonly Resource[], type: string, logicalId = /^/): string {
  const found = resources.filter((resource) => resource.type === type && logicalId.test(resource.logicalId));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${type}: found ${found.length}, expected one`);
  return only.physicalId;
}

/** @throws Error for a type that nobody has told how to read */
export function readBack(aws: Aws, resources: readonly Resource[]): Promise<readonly Reading[]> {
  return Promise.all(
    resources.map(async ({ logicalId, type, physicalId, properties }) => {
      const call = CALLS[type]?.(physicalId, properties, at);
      if (call === undefined) throw new Error(`${type}: say in read-back.ts how it is read`);
      return { logicalId, type, answer: withoutDrawnNames(await aws.call(call), resources) };
    }),
  );

  function at(reference: unknown): string {
    const [first] = [reference].flat();
    const logicalId = Object(first).Ref;
    return resources.find((resource) => resource.logicalId === logicalId)?.physicalId ?? "";
  }
}

function withoutDrawnNames(answer: Answer, resources: readonly Resource[]): Answer {
  const names = resources.flatMap(({ logicalId, physicalId }) => {
    const name = physicalId.slice(physicalId.lastIndexOf("/") + 1);
    return [physicalId, name].map((drawn) => ({ drawn, placeholder: `<${logicalId}>` }));
  });
  // The longest first, since a function's name is in its version's.
  names.sort((one, other) => other.drawn.length - one.drawn.length);
  return JSON.parse(
    names.reduce((text, { drawn, placeholder }) => text.replaceAll(drawn, placeholder), JSON.stringify(answer)),
  );
}

/** Says whether a reading is of something. A service that lists has nothing to refuse. */
export function exists({ answer }: Reading): boolean {
  if (answer.kind === "refused") return false;
  return !Object.values(Object(answer.output)).every((found) => Array.isArray(found) && found.length === 0);
}

/** What the service tells about the only resource of a type whose logical id begins so. */
export function told(readings: readonly Reading[], type: string, logicalId = ""): unknown {
  const found = readings.filter((reading) => reading.type === type && reading.logicalId.startsWith(logicalId));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${type}: found ${found.length}, expected one`);
  return only.answer.kind === "answered" ? only.answer.output : only.answer;
}
