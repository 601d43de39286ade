"""Whether the program of the last stage could run as an ordinary user instead of root, and as which.

Everything has to be known: the image, the one program that starts, its ports, and sources that write no files.
"""

from itertools import pairwise
from typing import NamedTuple

from dockopt.analyses.development import is_development
from dockopt.analyses.started import SHELLS, start_steps, words_of
from dockopt.context.tree import Context
from dockopt.knowledge.images import Image, describe
from dockopt.knowledge.root_needs import LANGUAGES, MANIFESTS, SETTINGS, low_port, telling
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run, Step

FIRST_FREE_PORT = 1024
FILES_AT_MOST = 4000
NAME, NUMBER = "app", "10001"
NONROOT = "65532"
"""The number of distroless images for an ordinary user."""
INTERPRETED = {"python": "python", "node": "node", "ruby": "ruby"}
JAVA_IMAGES = frozenset({"eclipse-temurin", "openjdk", "sapmachine"})
COMPILERS = {"golang": "go", "rust": "rust"}
PLAIN_IMAGES = frozenset({"debian", "ubuntu", "alpine", "distroless", "golang", "rust"})
PROGRAMS = {
    "python": frozenset(
        "python python3 gunicorn uvicorn hypercorn waitress-serve granian daphne flask fastapi".split()
    ),
    "node": frozenset({"node", "npm"}),
    "ruby": frozenset({"ruby", "rackup"}),
    "java": frozenset({"java"}),
}
DENIED_OPTIONS = (
    *(
        "--user",
        "--group",
        "--pid",
        "--daemon",
        "--log-file",
        "--access-logfile",
        "--error-logfile",
        "--capture-output",
    ),
    *(
        "--log-config",
        "--worker-tmp-dir",
        "--uds",
        "-XX:HeapDumpPath",
        "-Xlog",
        "-Xloggc",
        "-Djava.io.tmpdir",
        "-javaagent",
    ),
    *("-javaagent", "--capture-output", "-agentlib", "-agentpath", "--umask", "--statsd", "unix:"),
)
SPEAK_OF_USERS = ("chmod", "chown", "umask", "/root", "~/", "$HOME", "setcap", "useradd", "adduser")
CACHES = ("/root/.cache", "/root/.npm")
HARMLESS = frozenset(
    "pip pip3 apt-get apt apk rm mkdir cd echo true set ln mv cp find sed cat test [ : locale-gen grep ls tar npm yarn"
    " pnpm tsc go cargo javac jar mvn gradle gem bundle python python3 uv update-ca-certificates ldconfig".split()
)
MODULES = frozenset({"pip", "venv", "compileall"})
FORWARDERS = frozenset({"tini", "dumb-init"})
HOME_OPTIONS = ("--user", "--user-install")
OTHER_FOLDERS = frozenset("node_modules .git .venv venv target dist .github vendor __pycache__".split())
TESTS = frozenset("test tests __tests__ spec e2e testing testdata docs".split())


class Unprivileged(NamedTuple):
    """`first` is the instruction that a USER goes before, `makes` a command that makes the user, "" where it is there.

    `brings` says where the user comes from.
    """

    first: Step
    number: str
    makes: str
    brings: str


def unprivileged(file: Dockerfile) -> Unprivileged | str:
    """Who the program could run as, or why it stays root's; "" where there is nothing to say."""
    if file.context is None:
        return ""
    stage = file.final
    base = file.root(stage).base or ""
    image = describe(base)
    steps = start_steps(file, stage) if image is not None else ()
    if image is None or not steps or any(one.last("USER") for one in file.chain(stage)):
        return ""
    language = _language(file, image)
    if not language or is_development(file):
        return ""
    words = _command(steps)
    if not words or steps[0].stage != stage.index:
        return "which program starts is not known as written"
    reason = (
        _program_reason(file, language, words)
        or _users_reason(file)
        or _port_reason(file, words)
        or _sources_reason(file.context, language)
    )
    if reason:
        return reason
    first = min(steps, key=lambda step: step.span)
    if any(run.index > first.index for run in stage.runs):
        return f"a RUN stands behind {first.keyword}"
    return _user(image, first, language) or f"how {base} makes a user is not known"


def _language(file: Dockerfile, image: Image) -> str:
    """What the program is written in, "" where that is not known."""
    if image.family in INTERPRETED:
        return INTERPRETED[image.family]
    if image.family in JAVA_IMAGES:
        return "java"
    if image.family not in PLAIN_IMAGES:
        return ""
    builders = [file.root(file.stages[index]).base or "" for index in file.sources_of(file.final)]
    found = {COMPILERS.get(one.family, "") for base in (*builders, image.reference) if (one := describe(base))}
    found = found - {""}
    return found.pop() if len(found) == 1 else ""


def _command(steps: tuple[Step, ...]) -> tuple[str, ...] | None:
    """The words of the one program that starts, None where there is another number or one is not known."""
    words = _words(steps)
    if words and words[0].rpartition("/")[2] in FORWARDERS:
        rest = words[1:]
        while rest and rest[0] != "--" and rest[0].startswith("-"):
            rest = rest[1:]
        return rest[1:] if rest[:1] == ("--",) else rest or None
    return words


def _words(steps: tuple[Step, ...]) -> tuple[str, ...] | None:
    if len(steps) == 2:
        entry, command = steps
        forms = entry.node.exec_form, command.node.exec_form
        if entry.stage != command.stage or not all(forms):
            return None
        return (*(forms[0] or ()), *(forms[1] or ()))
    commands = list(words_of(steps[0]))
    return commands[0] if len(commands) == 1 and not any("$" in word for word in commands[0]) else None


def _program_reason(file: Dockerfile, language: str, words: tuple[str, ...]) -> str:
    name = words[0].rpartition("/")[2]
    if language in ("go", "rust"):
        return "" if _is_built(file, words[0]) else f"what {words[0]} is, is not known"
    if name not in PROGRAMS[language]:
        return f"what {name} does as another user is not known"
    said = pairwise((*words[1:], ""))
    denied = next((word for word, value in said if word.startswith(DENIED_OPTIONS) and not _is_output(word, value)), "")
    if denied:
        return f"{denied} may name something that only root can write"
    if name == "npm":
        return _script_reason(file.context, words)
    return ""


def _is_output(option: str, value: str) -> bool:
    """Whether a log goes to the container's own output."""
    return option.endswith("=-") or (value in ("-", "/dev/stdout", "/dev/stderr") and "=" not in option)


def _is_built(file: Dockerfile, program: str) -> bool:
    """Whether a program was built in this file: neither a file of the context nor a command of the image."""
    name = program.rpartition("/")[2]
    files = file.context.files if file.context is not None else ()
    own = not any(path.rpartition("/")[2] == name for path in files) and name not in SHELLS and "." not in name
    return own and any(name in step.text for stage in file.stages for step in stage.of("RUN", "COPY"))


def _script_reason(context: Context | None, words: tuple[str, ...]) -> str:
    """Why the script that npm starts is not one that starts Node alone."""
    from dockopt.context.manifests import package_json  # noqa: PLC0415 - only where npm starts the program

    assert context is not None
    project = package_json.read(context, "")
    name = {"start": "start", "run": words[2] if len(words) == 3 else ""}.get(words[1] if len(words) > 1 else "", "")
    text = project.scripts.get(name, "")
    around = [key for key in (f"pre{name}", f"post{name}") if key in project.scripts]
    if around or project.problems or not text.startswith("node ") or any(mark in text for mark in "&|;$`<>"):
        return f"what the script {name or 'of npm'} does as another user is not known"
    return ""


def _users_reason(file: Dockerfile) -> str:
    """Why what is in the image may be for root alone."""
    chain = file.chain(file.final)
    if any(stage.last("VOLUME") for stage in chain):
        return "who may write to its VOLUME is not known"
    if any(copy.has_flag("chmod") or copy.has_flag("chown") for stage in chain for copy in stage.copies):
        return "owners and modes of copied files are set for somebody"
    text = file.text
    for folder in CACHES:
        text = text.replace(folder, "")
    said = next((word for word in SPEAK_OF_USERS if word in text), "")
    if said or any("/root" in copy.text for stage in chain for copy in stage.copies):
        return f"the file speaks of {said or '/root'}"
    for stage in chain:
        for run in stage.runs:
            if reason := _run_reason(run):
                return reason
    return ""


def _run_reason(run: Run) -> str:
    if run.opaque:
        return "what a RUN writes is not known"
    for call in run.calls:
        name = (call.name or "$").rpartition("/")[2]
        values = [value or "$" for value in call.values]
        module = values[1] if name.startswith("python") and values[:1] == ["-m"] and len(values) > 1 else ""
        if name not in HARMLESS or (name.startswith("python") and module not in MODULES):
            return f"{name} in a RUN may write what only root can read"
        if any(value in HOME_OPTIONS for value in values) or (name == "uv" and values[:1] in (["python"], ["tool"])):
            return f"{name} installs into root's home"
    return ""


def _port_reason(file: Dockerfile, words: tuple[str, ...]) -> str:
    """Why the port may need a right."""
    exposed = [word for stage in file.chain(file.final) for step in stage.of("EXPOSE") for word in step.text.split()]
    numbers = {word.partition("/")[0] for word in exposed} | _named(words)
    if not numbers:
        return "no port is known"
    low = next((one for one in sorted(numbers) if not one.isdigit() or int(one) < FIRST_FREE_PORT), "")
    return f"port {low} may need a right" if low else ""


def _named(words: tuple[str, ...]) -> set[str]:
    """Ports in options such as `--port 80`, `-b :80`, `--listen=*:80`."""
    ends = {word.rpartition("=")[2].rpartition(":")[2] for word in words if ":" in word or word.startswith("--port=")}
    after = {value for word, value in pairwise(words) if word in ("--port", "-p")}
    return {one for one in ends | after if one.isdigit()}


def _sources_reason(context: Context | None, language: str) -> str:
    assert context is not None
    return context.once(_reason_of, language)


def _reason_of(context: Context, language: str) -> str:
    """Which source may need root, "" where none does."""
    if not context.complete or len(context.files) > FILES_AT_MOST:
        return "the build context is too large to look through"
    suffixes, seen = LANGUAGES[language].suffixes, False
    for path in context.files:
        *folders, name = path.split("/")
        lower = name.lower()
        if not OTHER_FOLDERS.isdisjoint(folders) or _is_test(folders, lower):
            continue
        source = name.endswith(suffixes)
        seen = seen or source
        if not (source or lower.startswith(MANIFESTS) or lower.endswith(SETTINGS)) or lower.endswith("-lock.json"):
            continue
        text = context.read(path)
        if text is None:
            return f"{path} cannot be read"
        if found := telling(text, language if source or lower.startswith(MANIFESTS) else ""):
            return f"{path} says {found}"
        if port := low_port(text) if source else "":
            return f"{path} speaks of port {port}"
    return "" if seen else "no source of the program is in the build context"


def _is_test(folders: list[str], name: str) -> bool:
    return (
        not TESTS.isdisjoint(folders) or name.startswith(("test_", "conftest")) or ".test." in name or "_test." in name
    )


def _user(image: Image, first: Step, language: str) -> Unprivileged | None:
    if image.family == "node":
        return Unprivileged(first, "1000", "", "node's images have the user node, 1000, with a home")
    if language in COMPILERS.values():
        return Unprivileged(first, NONROOT, "", "a number needs no account: no source asks who runs it, or for a home")
    if image.debian_like and image.shell:
        makes = f"useradd --create-home --uid {NUMBER} --shell /usr/sbin/nologin {NAME}"
        return Unprivileged(first, NUMBER, makes, "Debian and Ubuntu bring useradd (package passwd), and no such user")
    if image.distribution == "alpine":
        makes = f"adduser -D -u {NUMBER} -s /sbin/nologin {NAME}"
        return Unprivileged(first, NUMBER, makes, "Alpine brings adduser (busybox), and no such user")
    return None
