"""Calls AWS for a program that has no client of its own: one JSON object a line in, one a line out, in their order.

In: {"service", "operation", "input", "session"?}, the operation as boto3 spells it. Out: {"output"} or {"refused": the error's code}.
"""

import base64
import datetime
import json
import sys
from typing import Any

import boto3
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

clients: dict[str, Any] = {}


def client(service: str, session: dict[str, str]) -> Any:
    key = json.dumps([service, session], sort_keys=True)
    if key not in clients:
        clients[key] = boto3.client(service, **session)
    return clients[key]


def plain(value: Any) -> str:
    if isinstance(value, StreamingBody):
        return base64.b64encode(value.read()).decode()
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


for line in sys.stdin:
    call = json.loads(line)
    try:
        operation = getattr(client(call["service"], call.get("session", {})), call["operation"])
        output = operation(**call["input"])
        del output["ResponseMetadata"]
        answer = {"output": output}
    except ClientError as error:
        answer = {"refused": error.response["Error"]["Code"]}
    print(json.dumps(answer, default=plain), flush=True)
