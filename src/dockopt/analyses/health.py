"""Where a container answers that it is well: a route made for that in a source, and the port that it listens on.

Both have to be written out.  A route behind a prefix, a port from the environment, encryption, a filter of host names
or another command in a compose file leave it unknown.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dockopt.analyses.development import is_development
from dockopt.analyses.started import start_steps, words_of
from dockopt.context.tree import Context
from dockopt.knowledge.images import Image, describe
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Step

ENCRYPTED = ("--ssl-keyfile", "--keyfile", "--certfile", "--cert", "--uds", "--unix-socket", "unix:", "--root-path")
PORT_OPTIONS = ("--port", "-p", "--bind", "-b", "--listen", "-P", "--addr", "-addr", "-listen")
EVERY_HOST = ("", "*", "0.0.0.0", "[::]", "::", "127.0.0.1", "localhost", "http://*", "http://0.0.0.0")  # noqa: S104 - read, not bound
"""Addresses to listen on that a program in the same container reaches."""
PROGRAMS = {
    "python": frozenset(
        "uvicorn gunicorn hypercorn flask fastapi waitress-serve granian daphne quart sanic python python3".split()
    ),
    "node": frozenset({"node", "npm", "yarn", "pnpm"}),
    "java": frozenset({"java"}),
}
JAVA_IMAGES = frozenset({"eclipse-temurin", "openjdk"})
LAST_WITH_CURL = 21
"""Of Eclipse Temurin on Ubuntu: from 22 on the images are made without (adoptium/containers, issues 630 and 814)."""
SPRING_PORT = "8080"
COMPILERS = {"golang": "go"}


class Health(NamedTuple):
    """`client` is what asks: "python", "node" or "wget"; `step` starts the server, `brings` says where it is from."""

    client: str
    port: str
    path: str
    step: Step
    brings: str


def health(file: Dockerfile) -> Health | str:
    """What a health check of the last stage can ask for, or what is missing; "" where there is nothing to say."""
    context, stage = file.context, file.final
    if context is None or any(one.last("HEALTHCHECK") for one in file.chain(stage)):
        return ""
    base = file.root(stage).base or ""
    image, steps = describe(base), start_steps(file, stage)
    language = _language(file, image)
    if image is None or not language or not steps or steps[-1].stage != stage.index or is_development(file):
        return ""
    from dockopt.context.routes import routes, sources  # noqa: PLC0415 - only where a server is known

    found = routes(context, language)
    if not found.path:
        return found.reason and f"it stays without, as {found.reason}"
    reason, words = _command(context, steps, language)
    texts = tuple(sources(context, language).values())
    port = "" if reason else _spring_port(file, texts) if language == "java" else _port(file, words, texts)
    if reason or not port:
        return f"{found.path} could be asked; {reason or 'the port is not known as written'}"
    client, brings = _client(image, language)
    if not client:
        return f"{found.path} on port {port} could be asked; no program that could ask is known to be in {base}"
    return Health(client, port, found.path, steps[0], brings)


def _client(image: Image, language: str) -> tuple[str, str]:
    """What can ask in an image, and where it is from; "" where nothing is known."""
    if language in ("python", "node"):
        return language, f"{language} is in its own image"
    if image.distribution == "alpine":
        return "wget", "Alpine brings wget (busybox)"
    version = image.version.partition(".")[0]
    old = version.isdigit() and int(version) <= LAST_WITH_CURL
    if image.family == "eclipse-temurin" and image.distribution == "ubuntu" and old:
        return "curl", "Eclipse Temurin's images on Ubuntu bring curl until 21"
    return "", ""


def _language(file: Dockerfile, image: Image | None) -> str:
    """What the server is written in, "" where that is not known."""
    if image is None or image.family in ("python", "node"):
        return image.family if image is not None else ""
    if image.family in JAVA_IMAGES:
        return "java"
    builders = [file.root(file.stages[index]).base or "" for index in file.sources_of(file.final)]
    found = {COMPILERS.get(one.family, "") for base in (*builders, image.reference) if (one := describe(base))} - {""}
    return found.pop() if len(found) == 1 else ""


def _command(context: Context, steps: tuple[Step, ...], language: str) -> tuple[str, tuple[str, ...]]:
    """What stands in the way, "" where nothing does, and the words that start the server."""
    if _other_commands(context):
        return "a compose file starts something else in the image", ()
    forms = [step.node.exec_form for step in steps]
    commands = [words for step in steps for words in words_of(step)]
    if len(steps) == 2 and all(forms):
        commands = [tuple(word for form in forms for word in form or ())]
    if len(commands) != 1:
        return "which program starts is not known as written", ()
    words = commands[0]
    if language in PROGRAMS and words[0].rpartition("/")[2] not in PROGRAMS[language]:
        return f"what {words[0]} starts is not known", ()
    return "", words


def _spring_port(file: Dockerfile, found: tuple[str, ...]) -> str:
    """Spring's own port, where it is exposed and nothing sets another."""
    exposed = {port for one in file.chain(file.final) for step in one.of("EXPOSE") for port in _ports(step)}
    said = any(re.search(r"server\.port|\bport:|SERVER_PORT", text) for text in (*found, file.text))
    return SPRING_PORT if exposed == {SPRING_PORT} and not said else ""


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
    named = [*pairwise(words), *(word.partition("=")[::2] for word in words if "=" in word)]
    for option, value in named:
        if option in PORT_OPTIONS:
            host, _, port = value.rpartition(":")
            yield port if host in EVERY_HOST else ""
        elif option == "--host" and value not in EVERY_HOST:
            yield ""


def _other_commands(context: Context) -> bool:
    """Whether a compose file starts something else in the image, as workers are."""
    return any("command:" in text for text in context.compose_files.values())
