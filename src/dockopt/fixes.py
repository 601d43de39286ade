"""What a transform proposes: a fix is edits with the evidence for them, and the evidence decides how safe it is.

Also the transform itself (phase, aspects it may change, examples) and the decorator that marks one.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from dockopt.text.edits import Edit
from dockopt.text.source import Span

if TYPE_CHECKING:
    from dockopt.model.dockerfile import Dockerfile


class Level(IntEnum):
    """How far a fix may go; a run applies the levels up to its own. ADVICE is shown and never applied."""

    SAFE = 1
    STANDARD = 2
    AGGRESSIVE = 3
    ADVICE = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Strength(IntEnum):
    """How well a claim is founded: seen in this file, a row of the knowledge tables, agreed by several, or hoped."""

    PROVEN = 1
    KNOWN = 2
    INFERRED = 3
    ASSUMED = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class Aspect(Enum):
    """An observable part of a build that a transform may declare it changes; the guard holds the rest still."""

    CACHES = "package manager caches left in layers"
    PACKAGE_LISTS = "package lists left in layers"
    RECOMMENDS = "recommended packages installed"
    COMMANDS = "commands run, and their order"
    FILES = "files copied, and from where"
    OWNERSHIP = "owner and mode of copied files"
    LAYERS = "layer boundaries"
    STAGES = "stages and what they are built on"
    CONFIG = "image config of the final stage"
    ARGUMENTS = "build arguments"
    STAMPS = "build stamps that commands have in their environment"
    SEARCH_PATH = "PATH of the final image"
    CONTEXT = "files of the build context that are sent"
    ENTRYPOINT = "ENTRYPOINT of the base image"
    RUNNER = "uv or Poetry starting the program"
    ACCOUNTS = "accounts of the image"
    DEVELOPMENT = "development dependencies installed"


class Purpose(Enum):
    """What a transform is for; presets choose by it. STYLE alone is left out unless it is asked for."""

    SIZE = "size"
    CACHE = "cache"
    SECURITY = "security"
    CORRECTNESS = "correctness"
    STYLE = "style"


class Phase(IntEnum):
    """When a transform runs within a round: large moves first, so that small ones see the final shape."""

    ORDER = 1
    STRUCTURE = 2
    LAYERS = 3
    COMMANDS = 4
    SPELLING = 5


class Evidence(NamedTuple):
    """One reason a fix is right. `span` is in the file, and None where the claim is about the context or a table."""

    claim: str
    strength: Strength
    span: Span | None = None


LEVEL_OF_STRENGTH = {
    Strength.PROVEN: Level.SAFE,
    Strength.KNOWN: Level.SAFE,
    Strength.INFERRED: Level.STANDARD,
    Strength.ASSUMED: Level.AGGRESSIVE,
}


class Leaves(NamedTuple):
    """What a build stage keeps to itself by design: sources, project files, what the compiler writes for itself.

    `names` are patterns of file names, `folders` names of folders at any depth, `manifests` files beside which texts
    for people lie, `places` absolute paths with all below them.
    """

    names: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def holds(self, path: str, siblings: Container[str] = (), but: Container[str] = ()) -> bool:
        """Whether a path is left behind; `siblings` are all paths there, `but` words that say a file is wanted, unless
        it is in one of the places.
        """
        from fnmatch import fnmatchcase  # noqa: PLC0415 - only where a stage is split

        folder, _, name = path.rpartition("/")
        if any(f"/{path}/".startswith(f"{place}/") for place in self.places):
            return True
        if name in but:
            return False
        if any(fnmatchcase(name, pattern) for pattern in self.names):
            return True
        if name.endswith((".md", ".rst")) and any(f"{folder}/{one}".lstrip("/") in siblings for one in self.manifests):
            return True
        return any(part in self.folders and part not in but for part in folder.split("/"))


class FileChange(NamedTuple):
    """A file beside the Dockerfile with its text before, None where there is none yet, and after."""

    path: str
    before: str | None
    after: str


class Fix(NamedTuple):
    """Edits that belong together, and why. `span` is what the fix is about: the first edit where it is not given.

    `floor` is the lowest level at which such a fix is ever applied, whatever the evidence: a change of base image
    is never `safe`. `opt_in` names the setting without which the fix is withheld.
    """

    title: str
    edits: tuple[Edit, ...]
    evidence: tuple[Evidence, ...]
    span: Span | None = None
    floor: Level = Level.SAFE
    opt_in: str = ""
    leaves: Leaves | None = None
    """What a builder stage that the fix makes keeps to itself."""
    others: tuple[FileChange, ...] = ()
    """Other files that change with the Dockerfile: the `.dockerignore` that holds for it."""

    @property
    def level(self) -> Level:
        """The level that the weakest evidence supports; advice where there is nothing to stand on."""
        if not self.evidence or not (self.edits or self.others):
            return Level.ADVICE
        weakest = max(evidence.strength for evidence in self.evidence)
        return max(self.floor, LEVEL_OF_STRENGTH[weakest])

    @property
    def where(self) -> Span:
        if self.span is not None:
            return self.span
        return min(edit.span for edit in self.edits) if self.edits else Span(0, 0)


class Example(NamedTuple):
    """A Dockerfile before and after one transform, alone, run until settled; `because` where nothing may change.

    `context` holds the texts of a build context by path, None for a run without one. `level` is the level at which the
    example holds. `others` are the other files that change, by path, as they are then.
    """

    before: str
    after: str
    because: str = ""
    context: Mapping[str, str] | None = None
    level: Level = Level.STANDARD
    others: Mapping[str, str] = MappingProxyType({})

    @property
    def changes(self) -> bool:
        return not self.because


Apply = Callable[["Dockerfile"], Iterator[Fix]]


class Transform(NamedTuple):
    """One optimisation. `name` is its module's name; `apply` proposes fixes for a snapshot and changes nothing."""

    name: str
    apply: Apply
    phase: Phase
    may_change: frozenset[Aspect]
    examples: tuple[Example, ...]
    doc: str
    purpose: Purpose = Purpose.SIZE
    only_with: frozenset[str] = frozenset()
    """Keywords of instructions and programs of RUNs: it proposes nothing for a file that has none of them, and is not
    asked. Empty for one that any file may concern."""

    @property
    def label(self) -> str:
        """The name as users write it."""
        return self.name.replace("_", "-")

    @property
    def summary(self) -> str:
        return self.doc.strip().partition("\n")[0].replace("`", "").rstrip(".")


def transform(
    *,
    phase: Phase,
    may_change: set[Aspect],
    examples: tuple[Example, ...],
    purpose: Purpose | None = None,
    only_with: Iterable[str] = (),
) -> Callable[[Apply], Transform]:
    """Make a transform of an apply function; its module gives the name and the documentation.

    What only orders instructions is for the cache, anything else for size, unless `purpose` says otherwise. A file
    without any of the keywords and programs of `only_with` must give it nothing to propose; `pip` stands for pip and
    python by any name.
    """
    serves = purpose or (Purpose.CACHE if phase is Phase.ORDER else Purpose.SIZE)

    def make(apply: Apply) -> Transform:
        import sys  # noqa: PLC0415

        module = sys.modules[apply.__module__]
        name = apply.__module__.rpartition(".")[2]
        known = name, apply, phase, frozenset(may_change), examples, module.__doc__ or "", serves
        return Transform(*known, frozenset(only_with))

    return make
