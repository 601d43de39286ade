"""What `go mod download` reads of the copied files: go.mod and go.sum of a module, of the folders that stand in for
others, and in a workspace go.work and the manifests of all members.

`go build` downloads what it needs of the same modules; downloading them first is a step of its own.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from dockopt.analyses.install_needs import NOTHING, Ahead, Needs, Place, above, beside, blocked
from dockopt.context.manifests.go_mod import GoModule, statements
from dockopt.context.manifests.go_mod import read as read_module
from dockopt.model.commands import Call
from dockopt.model.state import joined

VARIABLES = ("GOFLAGS", "GOWORK", "GOENV", "GOMODCACHE", "GOVCS")
OFFLINE = frozenset({"GOPROXY", "GO111MODULE", "GOINSECURE", "GONOSUMDB", "GOSUMDB", "GOPRIVATE", "GONOPROXY"})
MODULE_CACHE = "/pkg/mod"


def go_needs(call: Call, place: Place) -> Needs:
    """The needs of a go command."""
    match [value or "$" for value in call.values]:
        case ["version"] | ["env", *_]:
            return NOTHING
        case ["install", *words] if words and _names_a_version(words):
            return Needs(installs=True)
        case ["mod", "download" | "verify", *options] if set(options) <= {"-x"}:
            return _module_needs(place)
        case words:
            return blocked(f"go {' '.join(words[:2])} may read the copied files")


def go_ahead(call: Call, place: Place) -> Ahead | None:
    """`go mod download`, for a build that does not run without a network or with settings of its own."""
    values = [value or "$" for value in call.values]
    if values == ["mod", "download"]:
        return Ahead(_module_needs(place), instead="go mod download")
    if values[:1] not in (["build"], ["install"], ["vet"], ["test"]) or _names_a_version(values[1:]):
        return None
    if any(value.startswith(("-mod", "-modfile", "-C")) for value in values):
        return Ahead(blocked("an option of go build says where modules come from"))
    names = {one.name for one in call.assignments} | place.environment.keys()
    if _workspace(place):
        return Ahead(blocked("the module is part of a workspace (go.work)"))
    if names & OFFLINE:
        return Ahead(blocked("a variable says where go gets modules from"))
    return Ahead(_module_needs(place), instead="go mod download")


def _names_a_version(words: list[str]) -> bool:
    """Such an install ignores the module it is run in; options may change that."""
    return all("@" in word and not word.startswith((".", "/", "-")) for word in words)


def _module_needs(place: Place) -> Needs:
    if place.folder is None:
        return blocked("the folder that go runs in is not known")
    if any(name in place.environment for name in VARIABLES):
        return blocked("a variable changes where go looks for modules")
    if any(MODULE_CACHE in path for path in place.files.places):
        return blocked("the build context holds a module cache")
    work = _workspace(place)
    if work:
        return _workspace_needs(place, work)
    module = _module(place, place.folder)
    if module is None:
        return blocked(f"no go.mod is copied to {place.folder}")
    local = tuple(_stand_ins(place.folder, module))
    sums = beside(place.folder, "go.sum")
    obstacle = _obstacle(place, place.folder, module, local) or _missing_sum(place, sums, module)
    if obstacle:
        return blocked(obstacle)
    own = (beside(place.folder, "go.mod"), *((sums,) if sums in place.files.places else ()))
    return Needs((*own, *(path for path in local if path not in own)), installs=True)


def _workspace(place: Place) -> str:
    """The go.work of the folder that go runs in, or of one above it, "" where there is none."""
    folder = place.folder or "/"
    paths = (beside(one, "go.work") for one in (folder, *above(folder)))
    return next((path for path in paths if path in place.files.places), "")


def _workspace_needs(place: Place, work: str) -> Needs:
    root = work.rpartition("/")[0] or "/"
    uses, obstacle = _members(place.files.text(work))
    folders = tuple(joined(root, use) or "/" for use in uses)
    modules = tuple(_module(place, folder) for folder in folders)
    reads, modified = [work], [beside(root, "go.work.sum")]
    if place.files.any_below(beside(root, "vendor")):
        return blocked("the workspace has a vendor folder")
    for folder, module in zip(folders, modules, strict=True):
        if module is None:
            return blocked(f"no go.mod is copied to {folder}, which go.work names")
        local = tuple(_stand_ins(folder, module))
        obstacle = obstacle or _obstacle(place, folder, module, local)
        reads += [beside(folder, name) for name in ("go.mod", "go.sum")] + list(local)
    sums = [path for path in (*reads, *modified) if path.endswith(".sum") and path in place.files.places]
    known = {entry for path in sums for entry in _entries(place.files.text(path) or "")}
    members = {module.module for module in modules if module}
    for module in filter(None, modules):
        obstacle = obstacle or _lacking(module, known, members)
    if obstacle:
        return blocked(obstacle)
    present = dict.fromkeys(path for path in (*reads, *sums) if path in place.files.places)
    return Needs(tuple(present), (), tuple(path for path in modified if path in present), installs=True)


def _members(text: str | None) -> tuple[tuple[str, ...], str]:
    """The folders that a go.work names, and what in it is not understood."""
    uses: list[str] = []
    if text is None or "/*" in text or "`" in text:
        return (), "go.work cannot be read"
    for number, words, _ in statements(text):
        match words:
            case ["use", path] if not path.startswith("/"):
                uses.append(path)
            case ["go" | "toolchain" | "godebug", *_]:
                pass
            case _:
                return (), f"go.work:{number}: {words[0]} is not understood"
    return tuple(uses), ""


def _module(place: Place, folder: str) -> GoModule | None:
    source = place.files.at(beside(folder, "go.mod"))
    return None if source is None else place.files.context.once(read_module, source.rpartition("/")[0])


def _stand_ins(folder: str, module: GoModule) -> Iterator[str]:
    """The go.mod of every folder that stands in for a module."""
    for path in module.local:
        yield beside(joined(folder, path) or "/", "go.mod")


def _obstacle(place: Place, folder: str, module: GoModule, local: tuple[str, ...]) -> str:
    if module.problems:
        return module.problems[0]
    for path in local:
        other = _module(place, path.rpartition("/")[0] or "/")
        if other is None:
            return f"go.mod replaces a module by a folder, and no {path} is copied"
        if other.problems:
            return other.problems[0]
    if place.files.any_below(beside(folder, "vendor")):
        return "the module has a vendor folder"
    return ""


def downloads_nothing(place: Place) -> bool:
    """Whether a build finds all it needs in the copied files, or there is no module to look at."""
    folder = place.folder or "/"
    if place.files.any_below(beside(folder, "vendor")):
        return True
    if _workspace(place):
        return False
    source = place.files.at(beside(folder, "go.mod"))
    return source is None or not place.files.context.once(read_module, source.rpartition("/")[0]).requires


def _missing_sum(place: Place, path: str, module: GoModule) -> str:
    """Sums that the download would add are gone when go.sum is copied once more, and the build then stops."""
    if path not in place.files.places:
        return ""
    source, text = place.files.at(path), place.files.text(path) or ""
    if source != module.sum:
        return "go.sum does not stand beside go.mod in the build context"
    if not text.strip() and not module.requires:
        return ""
    return _lacking(module, _entries(text), frozenset())


def _entries(text: str) -> set[tuple[str, str]]:
    return {(words[0], words[1]) for words in map(str.split, text.splitlines()) if len(words) == 3}


def _lacking(module: GoModule, entries: AbstractSet[tuple[str, str]], members: AbstractSet[str]) -> str:
    replaced = {one.path: (one.by, one.version) for one in module.replaces}
    for one in module.requires:
        path, version = replaced.get(one.path, (one.path, one.version))
        if version and one.path not in members and (path, f"{version}/go.mod") not in entries:
            return f"go.sum lacks {path} {version}, which the download would add"
    return ""
