"""Where a container answers that it is well: a route made for that in a source, and the port that it listens on.

Both have to be written out.  A route behind a prefix, a port from the environment, encryption, a filter of host names
or another command in a compose file leave it unknown.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dockopt.analyses.development import is_development
from dockopt.analyses.repository_readers import texts
from dockopt.analyses.started import start_steps, words_of
from dockopt.context.tree import Context
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Step

ROUTE = re.compile(r"\b(?:app|application|server)\s*\.\s*(?:get|route)\(\s*[\"'](/[\w/-]*)[\"']")
HEALTHY = (
    "/health",
    "/healthz",
    "/healthcheck",
    "/health/",
    "/api/health",
    "/api/healthz",
    "/livez",
    "/ping",
    "/status",
)
FILTERS = ("TrustedHost", "ALLOWED_HOSTS", "SERVER_NAME", "host_matching", "vhost", "ssl_context", "createSecureServer")
ENCRYPTED = ("--ssl-keyfile", "--keyfile", "--certfile", "--cert", "--uds", "--unix-socket", "unix:")
PORT_OPTIONS = ("--port", "-p", "--bind", "-b")
SERVERS = frozenset(
    {"uvicorn", "gunicorn", "hypercorn", "flask", "fastapi", "python", "python3", "node", "npm", "yarn"}
)
APPLICATION = re.compile(r"\b(?:FastAPI|Flask|Starlette|Sanic)\(|\.listen\(")
CLIENTS = {"python": "python", "node": "node"}


class Health(NamedTuple):
    """`client` is the language that asks: "python" or "node"; `step` starts the server."""

    client: str
    port: str
    path: str
    step: Step


def health(file: Dockerfile) -> Health | None:
    """What a health check of the last stage can ask for, None where that is not known."""
    context, stage = file.context, file.final
    if context is None or any(one.last("HEALTHCHECK") for one in file.chain(stage)) or is_development(file):
        return None
    steps = start_steps(file, stage)
    image = (file.root(stage).base or "").partition(":")[0].rpartition("/")[2]
    if image not in CLIENTS or not steps or steps[-1].stage != stage.index or _other_commands(context):
        return None
    found = texts(context)
    commands = [words for step in steps for words in words_of(step)]
    if found is None or len(commands) != 1 or commands[0][0].rpartition("/")[2] not in SERVERS:
        return None
    if sum(len(APPLICATION.findall(text)) for text in found) > 1:
        return None
    if any(mark in text for text in found for mark in FILTERS):
        return None
    port, path = _port(file, commands[0], found), _path(found)
    return Health(CLIENTS[image], port, path, steps[0]) if port and path else None


def _path(found: tuple[str, ...]) -> str:
    """The route that is there to ask whether all is well, "" where there is none."""
    routes = {match[1] for text in found for match in ROUTE.finditer(text)}
    return next((path for path in HEALTHY if path in routes), "")


def _port(file: Dockerfile, words: tuple[str, ...], found: tuple[str, ...]) -> str:
    """The port that the command names, else the only one exposed if a source names it; "" where they differ."""
    if any(mark in word for word in words for mark in (*ENCRYPTED, "$")):
        return ""
    exposed = {port for one in file.chain(file.final) for step in one.of("EXPOSE") for port in _ports(step)}
    said = set(_said(words))
    if "" in exposed or len(said) > 1 or len(exposed) > 1 or (said and exposed and said != exposed):
        return ""
    if said:
        return said.pop()
    port = next(iter(exposed), "")
    plain = re.compile(rf"\b{port}\b")
    return port if port and any(plain.search(text) for text in found) else ""


def _ports(step: Step) -> Iterator[str]:
    for word in step.text.split():
        value = (step.state.expand(word) or "").removesuffix("/tcp")
        yield value if value.isdigit() else ""


def _said(words: tuple[str, ...]) -> Iterator[str]:
    """The ports that options of a command name."""
    for option, value in pairwise(words):
        if option in PORT_OPTIONS:
            yield value.rpartition(":")[2]
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name in PORT_OPTIONS:
            yield value.rpartition(":")[2]


def _other_commands(context: Context) -> bool:
    """Whether a compose file starts something else in the image, as workers are."""
    names = (path for path in context.files if path.endswith((".yml", ".yaml")) and "compose" in path)
    return any("command:" in (context.read(path) or "") for path in names)
