import json
import subprocess

import pytest

COMMAND = ["node_modules/.bin/oss-direct", "local", "--port", "0", "--json", "--quiet"]


@pytest.fixture(scope="session")
def cloud():
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        assert line, "the local cloud did not start: its error is above"
        try:
            yield json.loads(line)
        finally:
            process.terminate()
