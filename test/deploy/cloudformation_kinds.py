"""How each CloudFormation resource type that moto lacks is made, changed and removed: with one call of its own service's API.

CloudFormation's names of properties are the API's own, but for what is told apart here.
"""

import json
from typing import Any, Callable, NamedTuple

Properties = dict[str, Any]


class Made(NamedTuple):
    """What `Ref` answers, and what `Fn::GetAtt` does."""

    ref: str
    attributes: dict[str, str] = {}


class Kind(NamedTuple):
    service: str
    # The property that holds the name; CloudFormation draws one where it is absent.
    name: str
    make: Callable[[Any, Properties], Made]
    remove: Callable[[Any, str, Properties], Any]
    # Absent where making it again replaces it.
    change: Callable[[Any, str, Properties], Any] | None = None


def without(properties: Properties, *names: str) -> Properties:
    return {name: value for name, value in properties.items() if name not in names}


def make_schedule_group(api: Any, properties: Properties) -> Made:
    return Made(properties["Name"], {"Arn": api.create_schedule_group(**properties)["ScheduleGroupArn"]})


def make_schedule(api: Any, properties: Properties) -> Made:
    return Made(properties["Name"], {"Arn": api.create_schedule(**properties)["ScheduleArn"]})


def make_alarm(api: Any, properties: Properties) -> Made:
    # The release of botocore that goes with this moto does not know the warm-up.
    api.put_metric_alarm(**without(properties, "WarmUpConfiguration"))
    name = properties["AlarmName"]
    [alarm] = api.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return Made(name, {"Arn": alarm["AlarmArn"]})


def alias_of(properties: Properties) -> Properties:
    """moto's API knows no `Qualifier` here, and takes it from the name."""
    return {"FunctionName": f"{properties['FunctionName']}:{properties['Qualifier']}"}


def make_event_invoke_config(api: Any, properties: Properties) -> Made:
    alias = alias_of(properties)
    # moto's `put` adds a configuration behind the one that is read.
    if api.list_function_event_invoke_configs(**alias)["FunctionEventInvokeConfigs"]:
        api.delete_function_event_invoke_config(**alias)
    api.put_function_event_invoke_config(**alias, **without(properties, "FunctionName", "Qualifier"))
    return Made(f"{properties['FunctionName']}|{properties['Qualifier']}")


def make_queue_policy(api: Any, properties: Properties) -> Made:
    for queue in properties["Queues"]:
        api.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(properties["PolicyDocument"])})
    return Made("queue-policy")


def remove_queue_policy(api: Any, _ref: str, properties: Properties) -> None:
    for queue in properties["Queues"]:
        api.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})


def make_topic_policy(api: Any, properties: Properties) -> Made:
    for topic in properties["Topics"]:
        policy = json.dumps(properties["PolicyDocument"])
        api.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    return Made("topic-policy")


KINDS = {
    "AWS::SecretsManager::Secret": Kind(
        service="secretsmanager",
        name="Name",
        make=lambda api, properties: Made(api.create_secret(**properties)["ARN"]),
        change=lambda api, ref, properties: api.update_secret(SecretId=ref, **without(properties, "Name", "Tags")),
        remove=lambda api, ref, _: api.delete_secret(SecretId=ref, ForceDeleteWithoutRecovery=True),
    ),
    "AWS::Scheduler::ScheduleGroup": Kind(
        service="scheduler",
        name="Name",
        make=make_schedule_group,
        remove=lambda api, ref, _: api.delete_schedule_group(Name=ref),
    ),
    "AWS::Scheduler::Schedule": Kind(
        service="scheduler",
        name="Name",
        make=make_schedule,
        change=lambda api, ref, properties: api.update_schedule(**{**properties, "Name": ref}),
        remove=lambda api, ref, properties: api.delete_schedule(Name=ref, GroupName=properties["GroupName"]),
    ),
    "AWS::CloudWatch::Alarm": Kind(
        service="cloudwatch",
        name="AlarmName",
        make=make_alarm,
        remove=lambda api, ref, _: api.delete_alarms(AlarmNames=[ref]),
    ),
    "AWS::Lambda::Alias": Kind(
        service="lambda",
        name="Name",
        make=lambda api, properties: Made(api.create_alias(**properties)["AliasArn"]),
        change=lambda api, _, properties: api.update_alias(**properties),
        remove=lambda api, _, properties: api.delete_alias(
            FunctionName=properties["FunctionName"], Name=properties["Name"]
        ),
    ),
    "AWS::Lambda::EventInvokeConfig": Kind(
        service="lambda",
        name="",
        make=make_event_invoke_config,
        remove=lambda api, _, properties: api.delete_function_event_invoke_config(**alias_of(properties)),
    ),
    "AWS::SQS::QueuePolicy": Kind(service="sqs", name="", make=make_queue_policy, remove=remove_queue_policy),
    # A topic's policy ends with its topic.
    "AWS::SNS::TopicPolicy": Kind(service="sns", name="", make=make_topic_policy, remove=lambda *_: None),
    "AWS::SNS::Subscription": Kind(
        service="sns",
        name="",
        make=lambda api, properties: Made(api.subscribe(**properties, ReturnSubscriptionArn=True)["SubscriptionArn"]),
        remove=lambda api, ref, _: api.unsubscribe(SubscriptionArn=ref),
    ),
}
