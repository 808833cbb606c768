import base64
import hashlib
import hmac
import json
import os
import sys
import time
import uuid


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mint_token(sub, claims):
    """Mints a token of 15 minutes for this user, with claims that your rules ask for."""
    now = int(time.time())
    times = {"iat": now, "exp": now + 900, "jti": str(uuid.uuid4())}
    payload = {**claims, "iss": os.environ["AUTH_ISSUER"], "aud": os.environ["AUTH_AUDIENCE"], "sub": sub, **times}
    text = ".".join(encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, payload))
    signature = hmac.digest(os.environ["AUTH_SECRET"].encode(), text.encode(), hashlib.sha256)
    return f"{text}.{encode(signature)}"


if __name__ == "__main__":
    print(mint_token(sys.argv[1], {"plan": "pro"}))
