"""Debian's package index, read through apt into plain values: for the scripts beside this one, on any Debian machine.

Each suite gets an apt root of its own under the temporary folder, so the machine's own lists stay as they are.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

KNOWLEDGE = Path(__file__).resolve().parents[2] / "src/dockopt/knowledge"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
BASE = (
    *("apt", "adduser", "debconf", "hostname", "login", "login.defs", "mawk", "mount", "ncurses-bin", "passwd", "gpgv"),
    *("sysvinit-utils", "tzdata", "util-linux", "usr-is-merged", "e2fsprogs", "logsave", "debian-archive-keyring"),
    *("sqv", "libpam-runtime", "libpam-modules"),
)
PATH = "/usr/bin:/bin"
SUITES = ("bullseye", "bookworm", "trixie")

Alternatives = tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """One binary package. `size` in bytes as dpkg estimates it; each dependency is a group of alternatives."""

    name: str
    source: str
    version: str
    section: str
    size: int
    essential: bool
    depends: tuple[Alternatives, ...]
    recommends: tuple[Alternatives, ...]
    provides: tuple[str, ...]
    same_version: frozenset[str]
    """Dependencies that must have this package's own version."""
    deb_size: int
    description: str


class Index:
    """The packages of one suite."""

    def __init__(self, packages: Iterable[Package]) -> None:
        self.packages = {package.name: package for package in packages}
        self.providers: dict[str, list[str]] = {}
        for package in self.packages.values():
            for name in package.provides:
                self.providers.setdefault(name, []).append(package.name)

    def real(self, name: str) -> str | None:
        """The package apt would take for a name, which may be virtual."""
        if name in self.packages:
            return name
        return min(self.providers.get(name, ()), default=None)

    def choose(self, group: Alternatives, present: set[str]) -> str | None:
        """The package that satisfies a group: one that is there, else the first that exists."""
        for name in group:
            if name in present or any(provider in present for provider in self.providers.get(name, ())):
                return None
        for name in group:
            if found := self.real(name):
                return found
        return None

    def closure(self, names: Iterable[str], *, recommends: bool, present: Iterable[str] = ()) -> list[str]:
        """Everything that installing some packages brings, the packages themselves included, in order."""
        there = set(present)
        queue = list(dict.fromkeys(real for name in names if (real := self.real(name)) and real not in there))
        there.update(queue)
        found = []
        while queue:
            package = self.packages[queue.pop(0)]
            found.append(package.name)
            groups = package.depends + (package.recommends if recommends else ())
            for group in groups:
                if (chosen := self.choose(group, there)) is not None:
                    there.add(chosen)
                    queue.append(chosen)
        return found

    @property
    def base(self) -> list[str]:
        """What Debian's own slim image holds: essential packages, apt and a few more."""
        essential = [package.name for package in self.packages.values() if package.essential]
        wanted = dict.fromkeys([*essential, *(name for name in BASE if name in self.packages)])
        return self.closure(wanted, recommends=False)


@cache
def index(suite: str) -> Index:
    return Index(_packages(apt(suite, "apt-cache", "dumpavail")))


def apt(suite: str, *command: str) -> str:
    """Run an apt tool against a suite's own root."""
    config = _root(suite) / "apt.conf"
    environment = {"APT_CONFIG": str(config), "PATH": PATH}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@cache
def _root(suite: str) -> Path:
    root = Path(tempfile.gettempdir()) / f"dockopt-tables-{suite}"
    config = root / "apt.conf"
    if not config.exists():
        for folder in ("state/lists/partial", "cache/archives/partial"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "status").write_text("")
        mirror = _mirror()
        (root / "suite.sources").write_text(
            f"Types: deb\nURIs: {mirror}\nSuites: {suite} {suite}-updates\nComponents: main\nSigned-By: {KEYRING}\n\n"
            f"Types: deb\nURIs: {mirror}-security\nSuites: {suite}-security\nComponents: main\nSigned-By: {KEYRING}\n"
        )
        config.write_text(
            f'Dir::State "{root}/state"; Dir::State::status "{root}/status"; Dir::Cache "{root}/cache";\n'
            f'Dir::Etc::sourcelist "{root}/suite.sources"; Dir::Etc::sourceparts "/dev/null";\n'
            'Dir::Etc::parts "/dev/null"; Dir::Etc::preferencesparts "/dev/null"; Acquire::Languages "none";\n'
            'Acquire::Check-Valid-Until "false"; APT::Sandbox::User "root"; Acquire::GzipIndexes "true";\n'
            + _file_lists()
        )
        subprocess.run(["apt-get", "-q", "update"], env={"APT_CONFIG": str(config), "PATH": PATH}, check=False)
    return root


def lists(suite: str) -> str:
    """The folder in which apt keeps a suite's lists."""
    return str(_root(suite) / "state" / "lists")


def _file_lists() -> str:
    """apt-file's settings, where it is installed, so that `apt-get update` fetches the lists of files too."""
    settings = Path("/etc/apt/apt.conf.d/50apt-file.conf")
    return settings.read_text() if settings.exists() else ""


def files(suite: str, pattern: str) -> Iterator[tuple[str, str]]:
    """Package and path of every file whose path matches a Perl pattern; needs apt-file."""
    for line in apt(suite, "apt-file", "search", "--regexp", pattern).splitlines():
        package, _, path = line.partition(": ")
        yield package, path.strip()


def _mirror() -> str:
    """The mirror this machine is configured for."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = (line.split()[0] for line in targets.splitlines() if "-security" not in line and "-updates" not in line)
    return next(found).rstrip("/")


def _packages(text: str) -> Iterator[Package]:
    for block in text.split("\n\n"):
        fields: dict[str, str] = dict(re.findall(r"^([A-Za-z-]+): ?(.*(?:\n .*)*)", block, re.MULTILINE))
        if "Package" not in fields:
            continue
        depends = ", ".join(fields[key] for key in ("Pre-Depends", "Depends") if key in fields)
        yield Package(
            name=fields["Package"],
            source=fields.get("Source", fields["Package"]).split(" ")[0],
            version=fields["Version"],
            section=fields.get("Section", "").rpartition("/")[2],
            size=int(fields.get("Installed-Size", "0")) * 1024,
            essential=fields.get("Essential") == "yes",
            depends=tuple(_groups(depends)),
            recommends=tuple(_groups(fields.get("Recommends", ""))),
            provides=tuple(name for group in _groups(fields.get("Provides", "")) for name in group),
            same_version=frozenset(_same_version(depends, fields["Version"])),
            deb_size=int(fields.get("Size", "0")),
            description=fields.get("Description", "").partition("\n")[0],
        )


def _groups(text: str) -> Iterator[Alternatives]:
    for group in text.split(","):
        names = tuple(name.strip().split(" ")[0].split(":")[0] for name in group.split("|") if name.strip())
        if names:
            yield names


def _same_version(text: str, version: str) -> Iterator[str]:
    for name, wanted in re.findall(r"([a-z0-9][a-z0-9+.-]+)(?::any)? \(= ([^)]+)\)", text):
        if wanted == version or wanted.partition("+b")[0] == version.partition("+b")[0]:
            yield name
