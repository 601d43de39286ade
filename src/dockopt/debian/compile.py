"""Turning `Packages` files into an index file, relations in the simplest form that means the same.

A version in a relation goes where every version in the index satisfies it; what nothing can satisfy goes from the
alternatives, and conflicts that concern no version go altogether.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from dockopt.debian.layout import Header, pack
from dockopt.debian.records import KILOBYTE, Provider, Version, provider_line
from dockopt.debian.relations import ANY, Alternative, Group, parse_field, short
from dockopt.debian.stanzas import Stanza, stanzas
from dockopt.debian.versions import satisfies, version_key

PRIORITIES = {"required": 1, "important": 2, "standard": 3, "optional": 4, "extra": 5}
ARCHITECTURES = frozenset({"amd64", "all"})
REFERENCES = ("Pre-Depends", "Depends", "Conflicts", "Breaks", "Recommends", "Suggests", "Replaces", "Enhances")
METAPACKAGES = frozenset({"metapackages", "tasks"})


class Source(NamedTuple):
    """One `Packages` file: its text and the letter of the suite it belongs to."""

    text: str
    suite: str


class Build(NamedTuple):
    """One version of a package as its stanza has it."""

    stanza: Stanza
    suites: str

    @property
    def version(self) -> str:
        return self.stanza["Version"]


class Archive:
    """All packages of a release before they are written down; ranks say which name apt met first."""

    def __init__(self, sources: Iterable[Source], popular: Collection[str] = ()) -> None:
        self.popular = frozenset(popular)
        self.builds: dict[str, list[Build]] = {}
        self.ranks: dict[str, int] = {}
        self.providers: dict[str, tuple[Provider, ...]] = {}
        self.wanted: set[str] = set()
        self._simple_forms: dict[Alternative, Alternative | None] = {}
        for source in sources:
            for stanza in stanzas(source.text):
                if stanza.get("Architecture", "all") in ARCHITECTURES:
                    self._add(stanza, source.suite)
        for builds in self.builds.values():
            builds.sort(key=lambda build: version_key(build.version), reverse=True)
        self._note_providers()

    def _add(self, stanza: Stanza, suite: str) -> None:
        name = stanza["Package"]
        self._rank(name)
        for field in (*REFERENCES, "Provides"):
            for group in parse_field(stanza.get(field, "")):
                for alternative in group:
                    self._rank(alternative.name)
                    if field != "Provides":
                        self.wanted.add(alternative.name)
        builds = self.builds.setdefault(name, [])
        same = next((place for place, build in enumerate(builds) if build.version == stanza["Version"]), None)
        if same is None:
            builds.append(Build(stanza, suite))
        elif suite not in builds[same].suites:
            builds[same] = Build(builds[same].stanza, builds[same].suites + suite)

    def _rank(self, name: str) -> None:
        self.ranks.setdefault(name, len(self.ranks))

    def _note_providers(self) -> None:
        found: dict[str, dict[Provider, None]] = {}
        for name, builds in self.builds.items():
            for group in parse_field(builds[0].stanza.get("Provides", "")):
                for provided in group:
                    if provided.name != name or provided.version not in ("", builds[0].version):
                        found.setdefault(provided.name, {})[Provider(name, provided.version)] = None
        for name in self.wanted:
            if name.endswith(ANY) and (them := self._of_any_architecture(name.removesuffix(ANY), found)):
                found[name] = them
        self.providers = {
            name: tuple(sorted(them, key=self._preference))
            for name, them in found.items()
            if name in self.wanted or not is_feature(name)
        }

    def _of_any_architecture(self, name: str, found: dict[str, dict[Provider, None]]) -> dict[Provider, None]:
        """What stands for `NAME:any` where that is not the package of the name alone."""
        others = [one for one in found.get(name, ()) if self.builds[one.name][0].stanza.get("Multi-Arch") == "allowed"]
        own = [Provider(name, builds[0].version)] if (builds := self.builds.get(name)) else []
        return dict.fromkeys((*own, *others)) if others else {}

    def known(self, name: str) -> str | None:
        """A name as the index has it, None where it has not; names for any architecture are mostly plain ones."""
        plain = name.removesuffix(ANY)
        return next((one for one in (name, plain) if one in self.builds or one in self.providers), None)

    def _preference(self, provider: Provider) -> tuple[bool, bool, int, int]:
        """What apt looks at to choose between packages that provide the same: the one it met last, if nothing else."""
        stanza = self.builds[provider.name][0].stanza
        return (
            stanza.get("Essential") != "yes",
            not is_important(stanza),
            PRIORITIES.get(stanza.get("Priority", ""), 5),
            -self.ranks[provider.name],
        )

    def lines(self, name: str) -> Iterator[str]:
        """The lines of an entry, its versions first."""
        for build in self.builds.get(name, ()):
            yield self._version(build).line
        if providers := self.providers.get(name):
            yield provider_line(name, providers)

    def _version(self, build: Build) -> Version:
        stanza = build.stanza
        needed = [*parse_field(stanza.get("Pre-Depends", "")), *parse_field(stanza.get("Depends", ""))]
        hostile = [*parse_field(stanza.get("Conflicts", "")), *parse_field(stanza.get("Breaks", ""))]
        return Version(
            stanza["Package"],
            build.version,
            int(stanza.get("Installed-Size", "0")) * KILOBYTE,
            int(stanza.get("Size", "0")),
            flags(stanza) + "P" * (stanza["Package"] in self.popular),
            _written(self._simple(group) or group for group in needed),
            _written(self._simple(group) for group in parse_field(stanza.get("Recommends", ""))),
            _written(self._simple(group) for group in hostile if group[0].name != stanza["Package"]),
            build.suites,
        )

    def _simple(self, group: Group) -> Group:
        return tuple(dict.fromkeys(simple for one in group if (simple := self._simple_form(one))))

    def _simple_form(self, wanted: Alternative) -> Alternative | None:
        if wanted not in self._simple_forms:
            self._simple_forms[wanted] = self._simplified(wanted)
        return self._simple_forms[wanted]

    def _simplified(self, wanted: Alternative) -> Alternative | None:
        wanted = wanted._replace(name=self.known(wanted.name) or wanted.name)
        versions = [build.version for build in self.builds.get(wanted.name, ())]
        provided = [provider.version for provider in self.providers.get(wanted.name, ())]
        if not wanted.operator:
            return wanted if versions or provided else None
        fitting = [one for one in (*versions, *provided) if one and satisfies(one, wanted.operator, wanted.version)]
        if not fitting:
            return None
        return Alternative(wanted.name) if len(fitting) == len(versions) + len(provided) else wanted


def is_feature(name: str) -> bool:
    """Names for the features of Rust libraries: tens of thousands, which nobody installs by hand."""
    return name.startswith("librust-")


def is_important(stanza: Stanza) -> bool:
    return "yes" in (stanza.get("Important"), stanza.get("Protected"))


def flags(stanza: Stanza) -> str:
    text = str(PRIORITIES.get(stanza.get("Priority", ""), 5))
    text += "E" * (stanza.get("Essential") == "yes") + "I" * is_important(stanza)
    return text + "M" * (stanza.get("Section", "").rpartition("/")[2] in METAPACKAGES)


def _written(groups: Iterable[Group]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(short(group) for group in groups if group))


def compile_index(header: Header, sources: Sequence[Source], popular: Collection[str]) -> bytes:
    """An index file; `popular` packages and all they may bring lie in its core."""
    archive = Archive(sources, popular)
    core = _core(archive, popular)
    names = sorted({*archive.builds, *archive.providers} - core)
    return pack(
        header._replace(packages=len(archive.builds)),
        (line for name in sorted(core) for line in archive.lines(name)),
        ((name, "\n".join(archive.lines(name))) for name in names),
    )


def _core(archive: Archive, popular: Collection[str]) -> set[str]:
    """What every system has and popular names, all that they reach by first alternatives, and the other ones."""
    found = {name for name in popular if archive.known(name)}
    found |= {name for name, builds in archive.builds.items() if builds[0].stanza.get("Priority") == "required"}
    queue = list(found)
    while queue:
        for target in _targets(archive, queue.pop()):
            if target not in found:
                found.add(target)
                queue.append(target)
    return found.union(*(_mentioned(archive, name) for name in found))


def _targets(archive: Archive, name: str) -> Iterator[str]:
    for build in archive.builds.get(name, ())[:1]:
        for field in ("Pre-Depends", "Depends", "Recommends"):
            for group in parse_field(build.stanza.get(field, "")):
                yield from [known for one in group if (known := archive.known(one.name))][:1]
    for provider in archive.providers.get(name, ())[:1]:
        yield provider.name


def _mentioned(archive: Archive, name: str) -> Iterator[str]:
    """Names that are looked at when a package is installed."""
    for build in archive.builds.get(name, ())[:1]:
        for field in ("Pre-Depends", "Depends", "Recommends", "Conflicts", "Breaks"):
            for group in parse_field(build.stanza.get(field, "")):
                yield from (known for one in group if (known := archive.known(one.name)))
