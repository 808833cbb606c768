"""Puts a PDF: BASE_URL=… TOKEN=… python3 put.py report.pdf"""

import json
import os
import sys
import urllib.error
import urllib.request

BASE_URL, TOKEN = os.environ["BASE_URL"], os.environ["TOKEN"]


def send(method, url, headers, body):
    try:
        request = urllib.request.Request(url, body, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        sys.exit(f"{refused.code} {refused.read().decode()}")


def put(path):
    request = {"rule": "documents", "operation": "put", "filename": os.path.basename(path),
               "contentType": "application/pdf", "contentLength": os.path.getsize(path)}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    _, answer = send("POST", f"{BASE_URL}/signed-url", headers, json.dumps(request).encode())
    signed = json.loads(answer)
    with open(path, "rb") as file:
        return send(signed["method"], signed["url"], signed["headers"], file)


status, answer = put(sys.argv[1])
print("proven:" if status == 200 else "stored, not proven:", answer)
