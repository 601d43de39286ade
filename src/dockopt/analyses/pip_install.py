"""What `pip install` reads of the copied files: requirements files, each with all that it includes, or nothing.

Projects in folders, local archives and folders of links are obstacles: what building them reads is not known.
"""

import posixpath

from dockopt.analyses.install_needs import NOTHING, Needs, Place, beside, blocked, words
from dockopt.analyses.words import Reading
from dockopt.context.manifests.requirement import Repository, Requirement, parse_requirement
from dockopt.context.manifests.requirements import Requirements
from dockopt.context.manifests.requirements import read as read_requirements
from dockopt.shell.tree import Word

HARMLESS_SUBCOMMANDS = frozenset({None, "cache", "list", "check", "uninstall", "show", "freeze", "debug"})
HARMLESS_SETTINGS = ("index-url", "trusted-host", "timeout", "retries", "no-cache-dir", "break-system-packages")
FILES = frozenset({"-r", "--requirement", "-c", "--constraint"})
FILLED = frozenset({"-t", "--target", "--prefix", "--root", "--src", "--cache-dir"})
PLAIN = words(
    "-U --upgrade --no-cache-dir --no-cache -q -qq -qqq --quiet -v -vv -vvv --verbose --user --no-deps --pre"
    " -i --index-url --extra-index-url --no-index --trusted-host --no-build-isolation --prefer-binary"
    " --only-binary --no-binary --timeout --default-timeout --retries --disable-pip-version-check"
    " --root-user-action --break-system-packages --no-warn-script-location --progress-bar -I"
    " --ignore-installed --force-reinstall --require-hashes --no-compile --compile --no-input --use-pep517"
    " --no-use-pep517 --use-deprecated --use-feature --upgrade-strategy --exists-action --no-color --isolated"
    " --no-python-version-warning -y --yes --proxy --no-warn-conflicts --ignore-requires-python --eager"
    " --global-option --config-settings -C --hash"
)
VARIABLES = (
    *("PIP_CONSTRAINT", "PIP_REQUIREMENT", "PIP_FIND_LINKS", "PIP_CONFIG_FILE", "PIP_EDITABLE", "PIP_TARGET"),
    *("PIP_BUILD_CONSTRAINT", "PIP_PREFIX", "PIP_ROOT", "PIP_SRC", "PIP_PYTHON", "PIP_GROUP", "PYTHONUSERBASE"),
)
INDEXES = frozenset({"-i", "--index-url", "--extra-index-url", "--pypi-url"})
INDEX_LINES = frozenset({"--index-url", "--extra-index-url", "--pypi-url"})
STARTUP_MODULES = ("/sitecustomize.py", "/usercustomize.py")
METADATA = (".egg-info", ".dist-info", ".egg-link")


def pip_needs(reading: Reading, place: Place, *, module: bool) -> Needs:
    """The needs of a pip command; `module` says that it runs as `python -m pip`, which searches its own folder."""
    if reading.subcommand != "install":
        harmless = reading.subcommand in HARMLESS_SUBCOMMANDS or _sets_index(reading)
        return NOTHING if harmless else blocked(f"pip {reading.subcommand} may read the copied files")
    obstacle = _obstacle(reading, place, module=module)
    if obstacle:
        return blocked(obstacle)
    reads: list[str] = []
    fills: list[str] = []
    for option in reading.options:
        if option.name in FILLED:
            path = place.path(option.value)
            if path is None:
                return blocked(f"where {option.name} leads is not known")
            fills.append(path)
        elif option.name in FILES and "://" not in (option.value or ""):
            found = file_needs(place.path(option.value), place, option.value or option.word.text)
            if isinstance(found, str):
                return blocked(found)
            reads += found.reads
            fills += found.fills
    return Needs(tuple(dict.fromkeys(reads)), tuple(fills), installs=True)


def _sets_index(reading: Reading) -> bool:
    words = [word.value or "" for word in reading.operands]
    return (
        reading.subcommand == "config"
        and words[:1] == ["set"]
        and words[1:2] != []
        and words[1].endswith(HARMLESS_SETTINGS)
        and not any("file:" in word for word in words)
    )


def _obstacle(reading: Reading, place: Place, *, module: bool) -> str:
    for option in reading.options:
        if option.name in ("-f", "--find-links") and "://" not in (option.value or ""):
            return "pip looks for packages in a folder"
        if option.name in INDEXES and is_local(option.value or "file:"):
            return "pip's index may be a copied folder"
        if option.name not in FILES | FILLED | PLAIN and option.name not in ("-f", "--find-links"):
            return f"pip's option {option.name} may read the copied files"
    for word in reading.operands:
        if not _is_a_name(word):
            return f"pip installs {word.text}, which may be a copied file"
    return settings_obstacle(place, module=module)


def settings_obstacle(place: Place, *, module: bool) -> str:
    """What in the environment or among the copied files changes what pip does, whatever it is asked for."""
    for name in VARIABLES:
        if name in place.environment:
            return f"{name} may name a copied file"
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        if any(is_local(value) for value in (place.environment.get(name) or "").split()):
            return f"{name} names a folder"
    return _python_obstacle(place, searched=module or "PYTHONPATH" in place.environment)


def is_local(index: str) -> bool:
    """Whether an address of packages leads to a folder; what a variable holds is taken for an address."""
    return not index.startswith("$") and ("://" not in index or index.startswith("file:"))


def _is_a_name(word: Word) -> bool:
    if word.value is None:
        name, equals, version = word.text.strip("\"'").partition("==")
        return bool(equals) and name.replace("-", "").replace("_", "").isalnum() and version.startswith("$")
    found = parse_requirement(word.value)
    if isinstance(found, Repository):
        return not found.editable and "file:" not in found.url
    return isinstance(found, Requirement)


def _python_obstacle(place: Place, *, searched: bool) -> str:
    """What in the copied files changes pip itself."""
    for path in place.files.places:
        if path.endswith("/pyvenv.cfg") or "/site-packages/" in path:
            return "the build context holds a virtual environment"
        if path.endswith("/setup.cfg") and "[install]" in (place.files.text(path) or ""):
            return "a setup.cfg says where packages are installed"
        if searched and (path.endswith(STARTUP_MODULES) or any(mark in path for mark in METADATA)):
            return f"Python finds {path} when it starts pip"
    return ""


def file_needs(path: str | None, place: Place, said: str) -> Needs | str:
    """What one requirements file, `said` as it is written, leads to, or why that is not known."""
    if path in place.files.made:
        return NOTHING
    source = place.files.at(path) if path else None
    if path is None or source is None:
        return f"{said} is not among the copied files"
    found = place.files.context.once(read_requirements, source)
    problem = _problem(found)
    if problem:
        return problem
    reads = []
    for one in found.files:
        there = posixpath.normpath(beside(posixpath.dirname(path), posixpath.relpath(one, posixpath.dirname(source))))
        if place.files.at(there) != one:
            return f"{one} is included, but not copied to where pip looks for it"
        reads.append(there)
    checkouts = tuple(beside(place.folder or "/", "src") for one in found.vcs if one.editable)
    return Needs(tuple(reads), checkouts)


def _problem(found: Requirements) -> str:
    if found.problems:
        return found.problems[0]
    if found.local:
        return f"{found.local[0].file} installs {found.local[0].path} from the build context"
    if any("://" not in link for link in found.links):
        return f"{found.files[0]} looks for packages in a folder"
    if any(one.name in INDEX_LINES and is_local(one.value) for one in found.options):
        return f"{found.files[0]} names an index in a folder"
    if any("file:" in one.url for one in found.vcs):
        return f"{found.files[0]} installs from a local repository"
    return ""
