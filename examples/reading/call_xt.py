import json
import os
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from aws_secretsmanager_caching import SecretCache, SecretCacheConfig

# In seconds. The library reads anew after half of it at the earliest; its default is an hour.
CONFIG = SecretCacheConfig(secret_refresh_interval=300)
cache = SecretCache(CONFIG)


def call_xt(url):
    token = read_token()
    status, body = send(url, token)
    if is_token_refused(status, body):
        newer = read_token(is_fresh=True)
        if newer != token:
            status, body = send(url, newer)
    return status, body


def read_token(is_fresh=False):
    global cache
    if is_fresh:
        # A new cache is empty. The library's own refresh_secret_now sleeps for seconds first.
        cache = SecretCache(CONFIG)
    return json.loads(cache.get_secret_string(os.environ["XT_ACCESS_TOKEN_SECRET_ARN"]))["access_token"]


def send(url, token):
    try:
        with urlopen(Request(url, headers={"access-token": token}), timeout=10) as response:
            return response.status, response.read()
    except HTTPError as error:
        return error.code, error.read()


def is_token_refused(status, body):
    """XT has refusals with HTTP 200 too, and names the reason in the body."""
    return status == 401 or b'"mc":"AUTH_' in body.replace(b" ", b"")
