"""Who a program could run as, and why it stays root's."""

import pytest

from dockopt.analyses.unprivileged import unprivileged
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

PYTHON = 'FROM python:3.12-slim\nCOPY . /srv\nRUN pip install flask\nEXPOSE 8000\nCMD ["python", "/srv/app.py"]\n'
NODE = 'FROM node:20-slim\nCOPY . /srv\nEXPOSE 8000\nCMD ["npm", "start"]\n'
GO = """FROM golang:1.22 AS build
COPY . .
RUN go build -o /tea .
FROM debian:12
COPY --from=build /tea /tea
EXPOSE 80
CMD ["/tea"]
"""
APP = {"app.py": "print(1)\n"}


def verdict(text: str, files: dict[str, str]) -> str:
    """The number of the user, or the reason why there is none."""
    found = unprivileged(Dockerfile.parse(text, MemoryContext(files)))
    return found if isinstance(found, str) else found.number


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        (PYTHON, APP, "10001"),
        (PYTHON.replace("EXPOSE 8000\n", ""), APP, "no port is known"),
        (PYTHON.replace("8000", "80/tcp"), APP, "port 80 may need a right"),
        (PYTHON.replace("8000", "$PORT"), APP, "port $PORT may need a right"),
        (PYTHON, {"app.py": "open('a.txt', 'w')\n"}, "app.py says open('a.txt', 'w"),
        (PYTHON, {"app.py": "run(port=443)\n"}, "app.py speaks of port 443"),
        (PYTHON, {**APP, "tests/test_app.py": "open('a.txt', 'w')\n"}, "10001"),
        (PYTHON, {**APP, "requirements.txt": "celery\n"}, "requirements.txt says celery"),
        (PYTHON, {**APP, "compose.yml": "cap_add: [NET_RAW]\n"}, "compose.yml says cap_add"),
        (PYTHON, {"data.json": "{}"}, "no source of the program is in the build context"),
        (
            PYTHON.replace("RUN pip", "RUN python setup.py && pip"),
            APP,
            "python in a RUN may write what only root can read",
        ),
        (PYTHON.replace("flask", "--user flask"), APP, "pip installs into root's home"),
        (PYTHON.replace("RUN pip", "RUN useradd web && pip"), APP, "the file speaks of useradd"),
        (PYTHON.replace("COPY .", "COPY --chown=1:1 ."), APP, "owners and modes of copied files are set for somebody"),
        (PYTHON.replace("EXPOSE", "VOLUME /data\nEXPOSE"), APP, "who may write to its VOLUME is not known"),
        (PYTHON.replace('"python", ', ""), APP, "what app.py does as another user is not known"),
        (
            PYTHON.replace('["python", "/srv/app.py"]', "python $FILE"),
            APP,
            "which program starts is not known as written",
        ),
        (PYTHON.replace('"python",', '"tini", "-g", "--", "python",'), APP, "10001"),
        (PYTHON.replace("CMD", "USER 1\nCMD"), APP, ""),
        (PYTHON.replace("python:3.12-slim", "ghcr.io/x/python"), APP, ""),
        (NODE, {"package.json": '{"scripts": {"start": "node a.js"}}', "a.js": "x()\n"}, "1000"),
        (
            NODE,
            {"package.json": '{"scripts": {"start": "node a.js", "prestart": "x"}}', "a.js": "x()\n"},
            "what the script start does as another user is not known",
        ),
        (GO.replace("80", "8080"), {"main.go": "package main\n"}, "65532"),
        (GO, {"main.go": "package main\n"}, "port 80 may need a right"),
        (GO.replace("80", "8080"), {"main.go": "os.Create(x)\n"}, "main.go says os.Create"),
        (GO.replace("/tea", "/bin/sh").replace("80", "8080"), {"main.go": "x\n"}, "what /bin/sh is, is not known"),
    ],
)
def test_user_or_reason(text: str, files: dict[str, str], said: str) -> None:
    assert verdict(text, files) == said


def test_nothing_is_said_without_a_context() -> None:
    assert unprivileged(Dockerfile.parse(PYTHON)) == ""
