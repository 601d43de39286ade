"""Other programs' opinions: BuildKit's own parser on a Dockerfile, dash and bash on a shell body.

A tool that is not there skips the test, or fails it where REQUIRE_TOOLS=1 says that it has to be there.
"""

import json
import os
import shutil
import subprocess
import sys
from functools import lru_cache
from typing import Any, NoReturn

_SERVER = """
import json, sys
import dockerfile
for line in sys.stdin:
    text = json.loads(line)
    try:
        reply = [[c.cmd, c.sub_cmd, c.start_line, c.end_line, list(c.value)] for c in dockerfile.parse_string(text)]
    except dockerfile.GoParseError as error:
        reply = str(error)
    print(json.dumps(reply), flush=True)
"""


def missing(tool: str) -> NoReturn:
    """Skip the test for want of a tool, or fail it where tools are required."""
    import pytest

    if os.environ.get("REQUIRE_TOOLS") == "1":
        pytest.fail(f"{tool} is not installed")
    pytest.skip(f"{tool} is not installed")


class BuildKit:
    """BuildKit's parser in a process of its own: it can bring down the interpreter that calls it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    @staticmethod
    def available() -> bool:
        from importlib.util import find_spec

        return find_spec("dockerfile") is not None

    def ask(self, text: str) -> Any:  # noqa: ANN401 - what JSON gave
        """The instructions as lists (keyword, ONBUILD's keyword, first line, last line, words), or the error.

        Bytes that are not UTF-8 are shown to the parser as question marks.
        """
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-c", _SERVER]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(text) + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer:
            return "the parser crashed"
        return json.loads(answer)

    def objection(self, text: str) -> str:
        """Why BuildKit's parser refuses a text, "" where it takes it."""
        reply = self.ask(text)
        return reply if isinstance(reply, str) else ""


BUILDKIT = BuildKit()


def buildkit_objection(text: str) -> str:
    """BuildKit's error for a Dockerfile, "" where it accepts it."""
    if not BUILDKIT.available():
        missing("the dockerfile package")
    return BUILDKIT.objection(text)


@lru_cache(maxsize=100_000)
def shell_objection(body: str, shell: str = "dash") -> str:
    """What `dash -n` or `bash -n` says against a body, "" where it accepts it."""
    program = shutil.which(shell)
    if program is None:
        missing(shell)
    result = subprocess.run(
        [program, "-n"], input=body.encode("utf-8", "surrogateescape"), capture_output=True, check=False
    )
    if result.returncode == 0:
        return ""
    return result.stderr.decode("utf-8", "replace").strip() or f"{shell} -n ends with {result.returncode}"
