"""Sends a large PDF in parts, three at once: BASE_URL=… TOKEN=… python3 parts.py film.pdf"""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

BASE_URL, TOKEN = os.environ["BASE_URL"], os.environ["TOKEN"]
TRIES = 4


def send(signed, body=None):
    request = urllib.request.Request(signed["url"], body, signed["headers"], method=signed["method"])
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        raise OSError(f"{refused.code} {refused.read().decode()}") from refused


def sign(**request):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    signing = {"method": "POST", "url": f"{BASE_URL}/signed-url", "headers": headers}
    return json.loads(send(signing, json.dumps(request).encode())[1])


def upload(path):
    plan = sign(rule="documents", operation="multipart", filename=os.path.basename(path),
                contentType="application/pdf", contentLength=os.path.getsize(path))
    upload_id = re.search(r"<UploadId>([^<]+)", send(plan["initiate"])[1])[1]
    begun = {"operation": "multipart-parts", "ticket": plan["ticket"], "uploadId": upload_id}
    try:
        with ThreadPoolExecutor(3) as pool:
            numbers = range(1, plan["partCount"] + 1)
            list(pool.map(lambda number: send_part(path, plan["partSize"], begun, number), numbers))
        return send(sign(**begun, partNumbers=[1])["complete"])
    except BaseException:
        send(sign(**begun, partNumbers=[1])["abort"])
        raise


def send_part(path, part_size, begun, number):
    for attempt in range(TRIES):
        try:  # a fresh URL for each try, so that none expires while it waits
            part = sign(**begun, partNumbers=[number])["parts"][0]
            with open(path, "rb") as file:
                file.seek((number - 1) * part_size)
                return send(part, file.read(part["size"]))
        except OSError:  # a time-out is one, too
            if attempt == TRIES - 1:
                raise
            time.sleep(2**attempt / 2)


try:
    status, answer = upload(sys.argv[1])
except OSError as error:
    sys.exit(str(error))
print("proven:" if status == 200 else "stored, not proven:", answer)
