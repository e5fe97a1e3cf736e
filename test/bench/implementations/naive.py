"""What most rotators in Python are: read, fetch, write."""

import json
import os
import urllib.parse
import urllib.request

import boto3

client = boto3.client("secretsmanager")


def handler(event, context):
    secret_id = os.environ["TOKEN_SECRET_ID"]
    secret = json.loads(client.get_secret_value(SecretId=secret_id)["SecretString"])
    query = urllib.parse.urlencode(
        {
            "client_id": secret["client_id"],
            "client_secret": secret["client_secret"],
            "grant_type": "refresh_token",
            "refresh_token": secret["refresh_token"],
        }
    )
    with urllib.request.urlopen(f"{os.environ['XT_BASE_URL']}/public/uaa/oauth2/token?{query}") as response:
        result = json.load(response)["result"]
    client.put_secret_value(SecretId=secret_id, SecretString=json.dumps({**secret, **result}))
