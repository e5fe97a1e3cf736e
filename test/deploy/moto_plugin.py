"""Starts moto's server on the port that the argument names, with the CloudFormation resource types that moto lacks.

Stock moto skips these types in silence. Here each is made over HTTP: so botocore checks every property against the service's model, and what
was made is what any other client reads. It ends when its standard input does.
"""

import copy
import json
import os
import sys
import threading
from fnmatch import fnmatchcase
from typing import Any

import boto3
from cloudformation_kinds import KINDS, Kind, Properties
from moto import settings
from moto.awslambda.models import LambdaFunction, LambdaVersion, lambda_backends
from moto.cloudformation import parsing
from moto.cloudformation.models import cloudformation_backends
from moto.cloudformation.parsing import ResourceMap, parse_and_update_resource
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.common_models import CloudFormationModel
from moto.iam.access_control import IAMPolicy, IAMPolicyStatement, IAMRequest, PermissionResult
from moto.scheduler.responses import EventBridgeSchedulerResponse
from moto.secretsmanager.exceptions import (
    InvalidRequestException,
    SecretHasNoValueException,
    SecretNotFoundException,
)
from moto.secretsmanager.models import SecretsManagerBackend
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.server import main

PORT = sys.argv[1]


def model_of(type_name: str, kind: Kind) -> type[CloudFormationModel]:
    def api(region: str) -> Any:
        return boto3.client(kind.service, endpoint_url=f"http://localhost:{PORT}", region_name=region)

    class Resource(CloudFormationModel):
        # moto counts a model's instances under its package.
        __module__ = "moto.cloudformation.plugin"

        @staticmethod
        def cloudformation_name_type() -> str:
            return kind.name

        @staticmethod
        def cloudformation_type() -> str:
            return type_name

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return True

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
            resource = cls()
            resource.properties = properties_of(resource_name, cloudformation_json)
            made = kind.make(api(region_name), resource.properties)
            resource.physical_resource_id, resource.attributes = made
            return resource

        @classmethod
        def update_from_cloudformation_json(
            cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
        ):
            ref, old = original_resource.physical_resource_id, original_resource.properties
            properties = properties_of(old.get(kind.name, new_resource_name), cloudformation_json)
            if kind.change is None:
                kind.make(api(region_name), properties)
            else:
                kind.change(api(region_name), ref, properties)
            original_resource.properties = properties
            return original_resource

        def get_cfn_attribute(self, name: str) -> str:
            return self.attributes[name]

        def delete(self, _account_id: str, region_name: str) -> None:
            kind.remove(api(region_name), self.physical_resource_id, self.properties)

    def properties_of(resource_name: str, cloudformation_json: Properties) -> Properties:
        properties = copy.deepcopy(cloudformation_json["Properties"])
        return {kind.name: resource_name, **properties} if kind.name else properties

    return Resource


def keep_what_functions_lose() -> None:
    """moto's functions forget properties that CloudFormation gave them; the API's answer has a place for each."""
    kept = ("Architectures", "DeadLetterConfig", "LoggingConfig")
    create, update = LambdaFunction.create_from_cloudformation_json, LambdaFunction.update_from_cloudformation_json
    configuration = LambdaFunction.get_configuration

    def keep(function: Any, cloudformation_json: Properties) -> Any:
        properties = cloudformation_json["Properties"]
        function.kept = {name: properties[name] for name in kept if name in properties}
        return function

    LambdaFunction.create_from_cloudformation_json = lambda name, resource, *rest, **more: keep(
        create(name, resource, *rest, **more), resource
    )
    LambdaFunction.update_from_cloudformation_json = lambda **given: keep(
        update(**given), given["cloudformation_json"]
    )
    LambdaFunction.get_configuration = lambda self, *given, **more: {
        **configuration(self, *given, **more),
        **getattr(self, "kept", {}),
    }


def let_versions_be_referred_to() -> None:
    """An alias points to a version by `Fn::GetAtt`, which moto lacks; nor does it remove a version."""
    create = LambdaVersion.create_from_cloudformation_json

    def create_named(name, cloudformation_json, account_id, region_name, **more):
        version = create(name, cloudformation_json, account_id, region_name, **more)
        version.function_name = cloudformation_json["Properties"]["FunctionName"]
        version.physical_resource_id = f"{version.function_name}:{version.version}"
        return version

    LambdaVersion.create_from_cloudformation_json = create_named
    LambdaVersion.has_cfn_attr = classmethod(lambda cls, name: name == "Version")
    LambdaVersion.get_cfn_attribute = lambda self, _name: str(self.version)
    LambdaVersion.delete = lambda self, account_id, region_name: lambda_backends[account_id][
        region_name
    ].delete_function(self.function_name, str(self.version))


def let_stacks_read_outputs() -> None:
    """moto does not know `Fn::GetStackOutput`, by which the CDK lets one stack refer to another."""
    clean = parsing.clean_json

    def clean_with_outputs(template: Any, resources: Any) -> Any:
        if not isinstance(template, dict) or "Fn::GetStackOutput" not in template:
            return clean(template, resources)
        asked = template["Fn::GetStackOutput"]
        stack = cloudformation_backends[resources._account_id][resources._region_name].get_stack(asked["StackName"])
        return stack.output_map[asked["OutputName"]].value

    # It calls itself by this name.
    parsing.clean_json = clean_with_outputs


def update_in_order(self: Any, template: Properties, parameters: Properties | None = None) -> None:
    """CloudFormation's order: make and change what others refer to first, remove last, keep what is to be retained.

    moto removes first and makes before it changes, and so publishes the version of a function that is yet to be changed.
    """
    actions = self.build_resource_diff(template, parameters)
    old = self._resource_json_map
    self._template, self._resource_json_map = template, template["Resources"]
    if parameters:
        self.input_parameters = parameters
    self.load_mapping()
    self.load_parameters()
    self.load_conditions()
    for name in in_order(template["Resources"]):
        if name in actions["Add"]:
            _ = self[name]
        elif name in actions["Modify"]:
            self._parsed_resources[name] = parse_and_update_resource(
                name, template["Resources"][name], self, self._account_id, self._region_name
            )
    remove(self, {name: old[name] for name in in_order(old) if name in actions["Remove"]})


def delete_in_order(self: Any) -> None:
    """What refers to others first; moto has no order, and a schedule's group takes the schedule along."""
    resources = self._resource_json_map
    remove(self, {name: resources[name] for name in in_order(resources)})


def remove(self: Any, resources: Properties) -> None:
    for name, resource in reversed(resources.items()):
        is_retained = resource.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
        if not is_retained and name in self._parsed_resources:
            self._delete_resource(self._parsed_resources.pop(name), resource)


def in_order(resources: Properties) -> dict[str, None]:
    """The logical ids, each behind those that its resource refers to or depends on."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for other in resources:
            if other != name and f'"{other}"' in json.dumps(resources[name]):
                visit(other)
        ordered[name] = None

    for name in resources:
        visit(name)
    return ordered


class RoleRequest(IAMRequest):
    """A request that is held to its role's policies, with what AWS asks for beside the action itself."""

    def check_action_permitted(self, resource: str) -> None:
        super().check_action_permitted(resource)
        body = json.loads(self._body or "{}")
        if "Tags" in body:
            self.check(f"{self._service}:TagResource", resource)
        if "Target" in body:
            condition = {"iam:PassedToService": "scheduler.amazonaws.com"}
            self.check("iam:PassRole", body["Target"]["RoleArn"], condition)

    def check(self, action: str, resource: str, condition: dict[str, str] | None = None) -> None:
        policies = [IAMPolicy(policy) for policy in self._access_key.collect_policies()]
        results = [policy.is_action_permitted(action, resource, None, condition) for policy in policies]
        if PermissionResult.PERMITTED not in results:
            self._raise_access_denied()


def authorize_roles() -> None:
    """Holds whoever comes to Secrets Manager or the Scheduler with a role's session to the role's policies.

    moto asks all callers of all services for a permission or none, matches policies against a resource that it mostly does not know, and
    knows one of the two wildcards.
    """
    authorize = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def authorize_sessions(self: Any, _request: type, _resource: str = "*") -> None:
        if "X-Amz-Security-Token" in self.headers and isinstance(self, tuple(RESOURCES)):
            authorize(self, RoleRequest, RESOURCES[type(self)](self))

    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    ActionAuthenticatorMixin._authenticate_and_authorize_action = authorize_sessions
    IAMPolicyStatement._match = staticmethod(lambda pattern, text: fnmatchcase(text, pattern) or None)


def secret_of(request: Any) -> str:
    name = request._get_param("SecretId") or request._get_param("Name")
    if name is None:
        return "*"
    if name in request.backend.secrets:
        return request.backend.secrets[name].arn
    return f"arn:aws:secretsmanager:{request.region}:{request.current_account}:secret:{name}-AbCdEf"


def schedule_of(request: Any) -> str:
    if request._get_action() == "ListSchedules":
        return "*"
    group, name = request._get_param("GroupName"), request.uri.split("?")[0].split("/")[-1]
    return f"arn:aws:scheduler:{request.region}:{request.current_account}:schedule/{group}/{name}"


RESOURCES = {SecretsManagerResponse: secret_of, EventBridgeSchedulerResponse: schedule_of}


def refuse_as_secrets_manager() -> None:
    """moto says that a secret in its recovery window exists, and that one without a value does not."""
    create, get = SecretsManagerBackend.create_secret, SecretsManagerBackend.get_secret_value

    def create_secret(self: Any, name: str, **given: Any) -> str:
        if name in self.secrets and self.secrets[name].is_deleted():
            raise InvalidRequestException("a secret with this name is already scheduled for deletion")
        return create(self, name=name, **given)

    def get_secret_value(self: Any, secret_id: str, **given: Any) -> dict[str, Any]:
        try:
            return get(self, secret_id=secret_id, **given)
        except SecretNotFoundException:
            if secret_id in self.secrets:
                raise SecretHasNoValueException(given["version_stage"]) from None
            raise

    SecretsManagerBackend.create_secret, SecretsManagerBackend.get_secret_value = create_secret, get_secret_value


def end_with_standard_input() -> None:
    sys.stdin.read()
    os._exit(0)


# moto finds models as the subclasses of theirs that are alive.
models = [model_of(*entry) for entry in KINDS.items()]
keep_what_functions_lose()
let_versions_be_referred_to()
let_stacks_read_outputs()
ResourceMap.update, ResourceMap.delete = update_in_order, delete_in_order
authorize_roles()
refuse_as_secrets_manager()
threading.Thread(target=end_with_standard_input, daemon=True).start()
main(["--port", PORT])
