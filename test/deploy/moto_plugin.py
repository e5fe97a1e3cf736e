"""Starts moto's server on the port that the argument names, with the CloudFormation resource types that moto lacks.

Stock moto skips these types in silence. Here each is made over HTTP: so botocore checks every property against the service's model, and what
was made is what any other client reads. It ends when its standard input does.
"""

import copy
import json
import os
import sys
import threading
from typing import Any

import boto3
from cloudformation_kinds import KINDS, Kind, Properties
from moto import settings
from moto.awslambda.models import LambdaFunction, LambdaVersion, lambda_backends
from moto.cloudformation.parsing import ResourceMap, parse_and_update_resource
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.common_models import CloudFormationModel
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


def authorize_roles() -> None:
    """Holds whoever comes to Secrets Manager with a role's session to the role's policies.

    moto asks all callers of all services for a permission or none, and matches policies against a resource that it mostly does not know.
    """
    authorize = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def authorize_sessions(self: Any, request: type, _resource: str = "*") -> None:
        if isinstance(self, SecretsManagerResponse) and "X-Amz-Security-Token" in self.headers:
            authorize(self, request, self.backend.describe_secret(self._get_param("SecretId")).arn)

    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    ActionAuthenticatorMixin._authenticate_and_authorize_action = authorize_sessions


def end_with_standard_input() -> None:
    sys.stdin.read()
    os._exit(0)


# moto finds models as the subclasses of theirs that are alive.
models = [model_of(*entry) for entry in KINDS.items()]
keep_what_functions_lose()
let_versions_be_referred_to()
ResourceMap.update, ResourceMap.delete = update_in_order, delete_in_order
authorize_roles()
threading.Thread(target=end_with_standard_input, daemon=True).start()
main(["--port", PORT])
