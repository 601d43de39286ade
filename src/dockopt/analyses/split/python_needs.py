"""What a Python stage asks pip for, and which Debian packages that needs when it runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dockopt.analyses.split.debian import Packages
from dockopt.analyses.split.packages import is_alpine
from dockopt.analyses.split.plan import NotSplit
from dockopt.analyses.split.python_development import closure
from dockopt.analyses.split.python_fills import INSTALLERS
from dockopt.analyses.words import Reading
from dockopt.context.manifests import requirements
from dockopt.context.manifests.requirement import Requirement, parse_requirement
from dockopt.context.tree import Context
from dockopt.knowledge import python_packages
from dockopt.knowledge.alpine_libraries import OPENMP
from dockopt.knowledge.images import Image
from dockopt.knowledge.language_packages import LanguagePackage
from dockopt.knowledge.wheel_floors import built_from_source, has_wheel
from dockopt.model.instructions import Run
from dockopt.model.state import joined


@dataclass
class PythonNeeds:
    """The requirements of a stage. `strange` are those of which nothing is known, `linked` those that may be built
    from source against libraries of the image, `wheels` those known to bring their libraries.
    """

    image: Image
    packages: Packages
    wanted: set[Requirement] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    wheels: list[str] = field(default_factory=list)
    written: dict[str, tuple[Requirement, ...]] = field(default_factory=dict)
    """Requirements files that a step writes: path in the image, and what they hold."""
    held: dict[str, str] = field(default_factory=dict)
    """Versions that constraints hold packages to."""

    def ask(self, reading: Reading, files: Mapping[str, str], context: Context, run: Run) -> None:
        """Take in what one `pip install` names, in files of the context too.

        Raises:
            NotSplit: it cannot be read, or installs something else than packages of an index.
        """
        for word in reading.operands:
            wanted = parse_requirement(word.value or "")
            if not isinstance(wanted, Requirement):
                raise NotSplit(f"pip installs {word.text} from the image or a repository", run)
            if wanted.name != "pip" and wanted.name not in INSTALLERS:
                self.wanted.add(wanted)
        for value in reading.values("-r", "--requirement"):
            place = joined(run.state.folder, value) or ""
            if place in self.written:
                self.wanted.update(self.written[place])
                continue
            path = files.get(place)
            if path is None:
                raise NotSplit(f"{value} is not in the build context", run)
            found = requirements.read(context, path)
            if found.problems:
                raise NotSplit(f"{value} cannot be read: {found.problems[0]}", run)
            if any(option.name == "--no-binary" for option in found.options):
                raise NotSplit(f"{value} asks for builds from source", run)
            if found.local:
                raise NotSplit(f"{value} installs {found.local[0].path} of the build context", run)
            self.strange += [one.name or one.url for one in found.vcs]
            self.wanted.update(found.requirements)
            self._hold(found.constraints)
        for value in reading.values("-c", "--constraint", "--constraints"):
            path = files.get(joined(run.state.folder, value) or "")
            if path is None:
                raise NotSplit(f"{value} is not in the build context", run)
            found = requirements.read(context, path)
            self._hold((*found.requirements, *found.constraints))

    def _hold(self, constraints: Iterable[Requirement]) -> None:
        for one in constraints:
            self.held[one.name] = ",".join(part for part in (self.held.get(one.name, ""), one.specifier) if part)

    def _take_constraints(self) -> None:
        """Hold what is wanted, or known to come along, to the versions of constraints."""
        for one in sorted(self.wanted):
            if held := self.held.get(one.name):
                self.wanted.remove(one)
                specifier = ",".join(part for part in (one.specifier, held) if part)
                self.wanted.add(one._replace(specifier=specifier))
        for name in sorted({*closure(self.names())} & self.held.keys() - {*self.names()}):
            self.wanted.add(Requirement(name, specifier=self.held[name]))

    def built_from_source(self, wanted: Iterable[Requirement]) -> str:
        """The first requirement, or one of those known to come with it, that may have no wheel; "" where all do."""
        if self.strange:
            return self.strange[0]
        asked = {one.name: one for one in (*self.wanted, *wanted)}
        python = ".".join(self.image.version.split(".")[:2])
        for name in sorted(closure(one.name for one in wanted)):
            one = asked.get(name)
            if one in self.wanted and one not in wanted:
                continue
            row = python_packages.lookup(name, one.extras if one else ())
            pinned = one.specifier if one else ""
            if row is None or row.kind not in ("pure", "bundled") or (one and one.url):
                return name
            if row.kind == "bundled" and (is_alpine(self.image) or not has_wheel(name, pinned, python)):
                return name
        return ""

    def settle(self) -> None:
        """Find the Debian packages that the requirements need.

        Raises:
            NotSplit: one needs more than a package.
        """
        self._take_constraints()
        for wanted in sorted(self.wanted):
            self._one(wanted)

    def _one(self, wanted: Requirement) -> None:
        row = python_packages.lookup(wanted.name, wanted.extras)
        if is_alpine(self.image):
            self._on_alpine(wanted.name, row)
            return
        if row is None:
            self.strange.append(wanted.name)
            return
        if row.kind in ("refuse", "compiles"):
            raise NotSplit(f"{wanted.name} needs more than its files when it runs")
        python = ".".join(self.image.version.split(".")[:2])
        self._note(row, wanted, python)
        from_source = built_from_source(wanted.name, wanted.specifier, python)
        answers = {row.needs(release, from_source=from_source) for release in self.image.candidates}
        if len(answers) != 1 or None in answers:
            raise NotSplit(f"the Debian packages that {wanted.name} needs are not known for every release of the image")
        needed = next(iter(answers))
        if needed:
            self.packages.libraries[wanted.name] = needed

    def _on_alpine(self, name: str, row: LanguagePackage | None) -> None:
        """Refuse what may need more than the libraries of the development packages it is compiled with."""
        linked = row is not None and row.kind == "needs" and bool(row.builds) and not row.tools
        if row is None or not (linked or row.kind in ("pure", "bundled")) or OPENMP & closure((name,)):
            raise NotSplit(f"what {name} needs of Alpine when it runs is not known")

    def _note(self, row: LanguagePackage, wanted: Requirement, python: str) -> None:
        """Whether a package brings the libraries that a build from source would link."""
        if row.kind != "bundled" or (row.bookworm == () and row.trixie == ()):
            return
        sure = has_wheel(wanted.name, wanted.specifier, python) and not wanted.url
        (self.wheels if sure else self.linked).append(wanted.name)

    def names(self) -> Iterable[str]:
        return {wanted.name for wanted in self.wanted}
