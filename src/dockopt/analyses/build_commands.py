"""Commands that could run anything and by convention install no packages: builds of released sources, known scripts."""

from itertools import pairwise

from dockopt.knowledge.images import describe
from dockopt.knowledge.known_scripts import CONDA_INSTALLERS, INSTALLERS, PROJECT_SCRIPTS
from dockopt.model.commands import Call
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run
from dockopt.shell.tree import Pipeline, Simple

STANDARD_TARGETS = frozenset("all install install-strip check installcheck clean distclean mostlyclean".split())
SHELLS = ("sh", "bash", "dash")
MAKES_MAKEFILES = ("cmake", "qmake", "qmake6")
INTERPRETERS = ("python", "python3", "php")
GNU = "GNU Coding Standards, standard targets"


def convention(file: Dockerfile, run: Run, call: Call) -> str:
    """What says that a command installs no packages by lists that are there, "" where nothing does."""
    if call.is_("make"):
        return GNU if _has_standard_targets(call) and _is_configured(file, run) else ""
    if call.is_("qmake", "qmake6"):
        return "qmake manual: it writes makefiles" if call.literal else ""
    if call.is_("lsb_release"):
        return "its release is in files, lsb_release(1)" if _has_release(file, run) else ""
    return _known_script(call) or _known_installer(run, call)


def _has_standard_targets(make: Call) -> bool:
    values = [value or "" for value in make.values]
    pairs = [(before, value) for before, value in pairwise(("", *values)) if value and not value.startswith("-")]
    targets = [value for before, value in pairs if before not in ("-C", "-j") and "=" not in value]
    return make.literal and set(targets) <= STANDARD_TARGETS


def _is_configured(file: Dockerfile, run: Run) -> bool:
    """Whether the makefile was made in the same body, or in an earlier one in the same folder."""
    if _configures(run):
        return True
    if run.state.folder is None or any(call.is_("cd", "pushd") for call in run.calls):
        return False
    earlier = (step for step in file.before(run) if isinstance(step, Run) and step.state.folder == run.state.folder)
    return any(_configures(one) and not any(call.is_("cd", "pushd") for call in one.calls) for one in earlier)


def _configures(run: Run) -> bool:
    return any(
        call.is_(*MAKES_MAKEFILES) or any(word.text.endswith("/configure") for word in call.words[:2])
        for call in run.calls
    )


def _has_release(file: Dockerfile, run: Run) -> bool:
    """Whether `lsb_release` finds all it prints in files: where there is no release, it asks apt."""
    image = describe(file.root(file.stages[run.stage]).base or "")
    return image is not None and image.debian_like and bool(image.candidates) and "sid" not in image.candidates


def _known_script(call: Call) -> str:
    words = [word.value or "" for word in call.words]
    if call.is_(*INTERPRETERS):
        words = words[1:]
    path, subcommand = (words[0].removeprefix("./"), words[1]) if len(words) > 1 else ("", "")
    for script in PROJECT_SCRIPTS:
        if subcommand in script.subcommands and f"/{path}".endswith(f"/{script.path}"):
            return script.source
    return ""


def _known_installer(run: Run, call: Call) -> str:
    """Whether a shell runs what a known address gives, or the installer of conda that the body fetched."""
    if not call.is_(*SHELLS):
        return ""
    for statement in run.script.statements:
        for pipeline in statement.pipelines:
            if len(pipeline.commands) > 1 and pipeline.span.contains(call.span):
                return _known_address(pipeline)
    script = next((word.value for word in call.arguments if not (word.value or "").startswith("-")), None) or ""
    name = script.rpartition("/")[2]
    fetched = (word.text for fetch in run.calls_of("curl", "wget") for word in fetch.words)
    if name.startswith(CONDA_INSTALLERS) and any(name in text and "://" in text for text in fetched):
        return "conda's documentation, installing"
    return ""


def _known_address(pipeline: Pipeline) -> str:
    first = pipeline.commands[0]
    if not isinstance(first, Simple) or not first.words or first.words[0].value not in ("curl", "wget"):
        return ""
    addresses = [word.text.strip("\"'") for word in first.words if "://" in word.text]
    known = bool(addresses) and all(address.startswith(INSTALLERS) for address in addresses)
    return f"the script at {addresses[0]}" if known else ""
