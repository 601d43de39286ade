"""What Go adds to a layer: modules and their archives, the build cache, the program."""

from itertools import pairwise
from typing import NamedTuple

from dockopt.estimate.languages.manifests import context_path
from dockopt.estimate.languages.sources import Sources, of_packages
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import NOTHING, Range
from dockopt.model.commands import Call

GO_CACHE = "~/.cache/go-build"
MODULES = "/go/pkg/mod"
UNKNOWN_MODULES = Range(0, 90_000_000, 900_000_000)
UNKNOWN_CACHE = Range(300_000, 90_000_000, 900_000_000)
UNKNOWN_PROGRAM = Range(1_200_000, 12_000_000, 120_000_000)
SMALL_PROGRAM = Range(1_100_000, 2_300_000, 6_000_000)
WEB_PROGRAM = Range(4_200_000, 8_200_000, 12_000_000)
STANDARD_CACHE = Range(15_000_000, 45_000_000, 80_000_000)
WEB_CACHE = Range(55_000_000, 85_000_000, 120_000_000)
"""The compiled standard library, which versions before 1.20 bring along (measured with 1.19 and 1.24)."""
OLD_STANDARD_CACHE = Range(240_000, 500_000, 30_000_000)
CACHE_OF_SOURCE = (0.1, 0.7, 2.0)
PROGRAM_OF_SOURCE = (0.02, 0.2, 0.8)
STRIPPED = 0.7
WEB = ("net/http", "crypto/tls", "net/rpc")
HOSTS = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "golang.org": "golang",
    "google.golang.org": "google",
    "gopkg.in": "gopkg",
    "go.uber.org": "uber",
    "k8s.io": "k8s",
    "sigs.k8s.io": "sigs.k8s",
    "go.opentelemetry.io": "opentelemetry",
    "cloud.google.com": "google-cloud",
    "bitbucket.org": "bitbucket",
}
"""How Debian writes the host of a module."""
BUILDS = ("build", "install", "test", "run", "vet", "generate")


class Project(NamedTuple):
    """The module that a command builds: what it requires, and whether its own sources serve or call the web."""

    modules: Sources
    web: bool
    has_vendor: bool
    name: str


def go(call: Call, work: Work) -> None:
    words = [value or "" for value in call.values]
    action = words[0] if words else ""
    if action == "clean":
        work.remove([GO_CACHE] if "-cache" in words else [MODULES] if "-modcache" in words else [])
        return
    project = _project(work)
    named = [word for word in words[1:] if "@" in word and not word.startswith("-")]
    if action in (*BUILDS, "get", "mod") and not any(word in ("tidy", "vendor", "init", "edit") for word in words):
        _modules(project, named, work)
    if action in ("build", "install", "test", "run"):
        _built(call, project, words, named, work)


def _project(work: Work) -> Project | None:
    path = context_path(work, "go.mod")
    if path is None or work.context is None:
        return None
    from dockopt.context.go_source import scan  # noqa: PLC0415 - where a module is built
    from dockopt.context.manifests.go_mod import read as read_module  # noqa: PLC0415

    folder = path.rpartition("/")[0]
    module = work.context.once(read_module, folder)
    imports = work.context.once(scan, folder).imports
    modules = of_packages("go_module", (keys(one.path) for one in module.requires))
    return Project(modules, any(name in imports for name in WEB), module.has_vendor, module.module)


def keys(path: str) -> tuple[str, ...]:
    """The keys of a module in the table: with its host, without the version in its path."""
    host, _, rest = path.lower().partition("/")
    last = rest.rpartition("/")[2]
    if last[:1] == "v" and last[1:].isdigit():
        rest = rest.rpartition("/")[0]
    plain = rest.replace("/", "-").replace("_", "-")
    written = HOSTS.get(host, host)
    return (f"{written}-{plain}", f"{written}-{plain.removesuffix('-go')}", f"{written}-{plain.replace('.', '-')}")


def _modules(project: Project | None, named: list[str], work: Work) -> None:
    if work.knows("go modules"):
        return
    if project is None or named:
        work.add(("go modules",), UNKNOWN_MODULES, "Go's module cache", MODULES)
    elif project.modules.packages and not project.has_vendor:
        size = project.modules.size.plus(project.modules.archives)
        work.add(("go modules",), size._replace(low=size.low // 3), project.modules.basis, MODULES)


def _built(call: Call, project: Project | None, words: list[str], named: list[str], work: Work) -> None:
    text = " ".join(word.text for word in call.words)
    known = project if not named else None
    if not work.those(lambda piece: piece.key[0] == "go cache"):
        work.add(("go cache", text), _cache(known, work), "Go's build cache", GO_CACHE)
    if words[0] not in ("build", "install"):
        return
    output = next((after for before, after in pairwise(words) if before == "-o"), "")
    path = work.place(output or ("/go/bin" if words[0] == "install" else "."))
    if output.endswith("/") or not output:
        path = f"{path.rstrip('/')}/{_program_name(known, words)}"
    work.add(("go program", output or text), _program(known, words, call), "a program", path)


def _program_name(project: Project | None, words: list[str]) -> str:
    package = words[-1] if words[-1].startswith("./") and words[-1].strip("./") else ""
    return (package or (project.name if project else "")).rstrip("/").rpartition("/")[2] or "program"


def _cache(project: Project | None, work: Work) -> Range:
    if project is None:
        return UNKNOWN_CACHE
    image = work.contents.image
    numbers = image.version.split(".")[:2] if image is not None and image.family == "golang" else []
    old = len(numbers) == 2 and all(part.isdigit() for part in numbers) and int(numbers[1]) < 20
    standard = OLD_STANDARD_CACHE if old else WEB_CACHE if project.web else STANDARD_CACHE
    return standard.plus(_share(project.modules.size, CACHE_OF_SOURCE))


def _program(project: Project | None, words: list[str], call: Call) -> Range:
    if project is None:
        return UNKNOWN_PROGRAM
    size = WEB_PROGRAM if project.web else SMALL_PROGRAM
    if project.modules.packages:
        size = size._replace(high=max(size.high, WEB_PROGRAM.high)).plus(
            _share(project.modules.size, PROGRAM_OF_SOURCE)
        )
    stripped = any("-s" in word.split() or "-w" in word.split() or "-s -w" in word for word in words)
    stripped = stripped or "-ldflags=-s" in " ".join(word.text for word in call.words).replace('"', "").replace("'", "")
    return size.scaled(STRIPPED) if stripped else size


def _share(size: Range, shares: tuple[float, float, float]) -> Range:
    if size == NOTHING:
        return NOTHING
    return Range(*(round(bytes_ * share) for bytes_, share in zip(size, shares, strict=True)))
