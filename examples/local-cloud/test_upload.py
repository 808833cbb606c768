import json
import urllib.request


def send(method, url, headers, body):
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def post(url, body, headers={}):
    return send("POST", url, headers, json.dumps(body).encode())


def test_an_upload_is_proven(cloud):
    gateway = cloud["gateway"]
    token = post(f"{gateway}/local/token", {"sub": "alice", "claims": {"plan": "pro"}})["token"]
    request = {"rule": "documents", "operation": "put", "filename": "a.pdf",
               "contentType": "application/pdf", "contentLength": 5}
    signed = post(f"{gateway}/signed-url", request, {"Authorization": f"Bearer {token}"})
    answer = send(signed["method"], signed["url"], signed["headers"], b"hello")
    assert answer["status"] == "ok"
    assert answer["key"] == "documents/alice/a.pdf"
