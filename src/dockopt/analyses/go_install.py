"""What `go mod download` reads of the copied files: go.mod and go.sum of one module that needs nothing else here.

`go build` downloads what it needs of the same modules; downloading them first is a step of its own.
"""

from dockopt.analyses.install_needs import NOTHING, Ahead, Needs, Place, above, beside, blocked
from dockopt.context.manifests.go_mod import GoModule
from dockopt.context.manifests.go_mod import read as read_module
from dockopt.model.commands import Call

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
    if names & OFFLINE:
        return Ahead(blocked("a variable says where go gets modules from"))
    return Ahead(_module_needs(place), instead="go mod download")


def _names_a_version(words: list[str]) -> bool:
    """Such an install ignores the module it is run in; options may change that."""
    return all("@" in word and not word.startswith((".", "/", "-")) for word in words)


def _module_needs(place: Place) -> Needs:
    if place.folder is None:
        return blocked("the folder that go runs in is not known")
    manifest = beside(place.folder, "go.mod")
    source = place.files.at(manifest)
    if source is None:
        return blocked(f"no go.mod is copied to {place.folder}")
    folder = source.rpartition("/")[0]
    module = place.files.context.once(read_module, folder)
    obstacle = _obstacle(module, place) or _missing_sum(module, place)
    if obstacle:
        return blocked(obstacle)
    sums = beside(place.folder, "go.sum")
    return Needs((manifest, sums) if sums in place.files.places else (manifest,), installs=True)


def _obstacle(module: GoModule, place: Place) -> str:
    folder = place.folder or "/"
    if module.problems:
        return module.problems[0]
    if module.local:
        return f"go.mod replaces a module by the folder {module.local[0]}"
    if any(beside(one, "go.work") in place.files.places for one in (folder, *above(folder))):
        return "the module is part of a workspace (go.work)"
    if place.files.any_below(beside(folder, "vendor")):
        return "the module has a vendor folder"
    if any(name in place.environment for name in VARIABLES):
        return "a variable changes where go looks for modules"
    if any(MODULE_CACHE in path for path in place.files.places):
        return "the build context holds a module cache"
    return ""


def downloads_nothing(place: Place) -> bool:
    """Whether a build finds all it needs in the copied files, or there is no module to look at."""
    folder = place.folder or "/"
    if place.files.any_below(beside(folder, "vendor")):
        return True
    source = place.files.at(beside(folder, "go.mod"))
    return source is None or not place.files.context.once(read_module, source.rpartition("/")[0]).requires


def _missing_sum(module: GoModule, place: Place) -> str:
    """Sums that the download would add are gone when go.sum is copied once more, and the build then stops."""
    path = beside(place.folder or "/", "go.sum")
    if path not in place.files.places:
        return ""
    source, text = place.files.at(path), place.files.text(path) or ""
    if source != module.sum:
        return "go.sum does not stand beside go.mod in the build context"
    if not text.strip() and not module.requires:
        return ""
    entries = {(words[0], words[1]) for words in map(str.split, text.splitlines()) if len(words) == 3}
    replaced = {one.path: (one.by, one.version) for one in module.replaces}
    for one in module.requires:
        path, version = replaced.get(one.path, (one.path, one.version))
        if (path, f"{version}/go.mod") not in entries:
            return f"go.sum lacks {path} {version}, which the download would add"
    return ""
