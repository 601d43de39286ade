"""What conda, mamba and micromamba read of the copied files: an environment file with the requirements files it names,
or lists of packages.

Sources: the command line references of conda 24, mamba 1 and micromamba 2, and conda's handling of the `pip` section,
which pip reads in the folder of the environment file.
"""

from collections.abc import Iterator

from dockopt.analyses.install_needs import NOTHING, Needs, Place, beside, blocked, read_line, united, words
from dockopt.analyses.pip_install import file_needs, settings_obstacle
from dockopt.context.manifests.requirement import Repository, Requirement, parse_requirement
from dockopt.context.yaml_text import documents, items, mapping, text
from dockopt.model.commands import Call

FILES = ("-f", "--file")
VALUED = words(
    "-n --name -p --prefix -f --file -c --channel --solver --experimental-solver --platform -r --root-prefix"
)
PLAIN = words(
    "-y --yes -q --quiet -v -vv -vvv --verbose --prune --force-reinstall --no-pin --json --copy -k --insecure"
    " --override-channels --strict-channel-priority --channel-priority --freeze-installed --no-deps --no-update-deps"
    " --update-all --no-default-packages --no-channel-priority --always-copy --no-rc --debug"
)
HARMLESS = words("clean info list init --version -V search")
SETTINGS = ("CONDARC", "MAMBARC", "CONDA_PREFIX", "CONDA_ENVS_PATH", "CONDA_PKGS_DIRS", "CONDA_DEFAULT_ENVIRONMENT")
PIP_OPTIONS = words("--index-url -i --extra-index-url --trusted-host --pre --prefer-binary --no-binary --only-binary")
INCLUDED = words("-r --requirement -c --constraint")
ARCHIVES = (".conda", ".tar.bz2")
DEFAULT_FILE = "environment.yml"


def conda_needs(call: Call, place: Place) -> Needs:
    """The needs of a conda, mamba or micromamba command."""
    values = [value or "$" for value in call.values]
    if values[:1] and values[0] in HARMLESS:
        return NOTHING
    if values[:1] == ["config"]:
        local = any("/" in value and "://" not in value for value in values)
        return blocked("conda config names a file or a folder") if local else NOTHING
    line = read_line(call, VALUED, PLAIN)
    of_environment = line.operands[:1] == ("env",)
    subcommand, *packages = line.operands[1 if of_environment else 0 :] or ("",)
    if subcommand not in (("create", "update") if of_environment else ("create", "install", "update", "upgrade")):
        return blocked(f"{call.name} {' '.join(line.operands[:2])} may read the copied files")
    forced = call.name != "micromamba" and not of_environment and line.has("-f")
    if line.obstacle or forced:
        return blocked(line.obstacle or "the option -f is not understood")
    obstacle = _of_packages(packages) or _of_settings(place)
    if obstacle:
        return blocked(obstacle)
    files = [beside(".", DEFAULT_FILE)] if of_environment and not line.has(*FILES) else list(_files(values))
    return united((_prefix(line.options.get("--prefix", line.options.get("-p")), place), *_read(files, place)))


def _files(values: list[str]) -> Iterator[str]:
    """The files that the words name."""
    following = iter(values)
    for value in following:
        name, equals, after = value.partition("=")
        if name in FILES:
            yield after if equals else next(following, "$")


def _prefix(folder: str | None, place: Place) -> Needs:
    if folder is None:
        return Needs(installs=True)
    path = None if "$" in folder else place.path(folder)
    return Needs(fills=(path,), installs=True) if path else blocked("the folder of the environment is not known")


def _of_packages(names: list[str]) -> str:
    local = next((name for name in names if not _is_package(name)), "")
    return f"conda installs {local}, which may be a copied file" if local else ""


def _is_package(name: str) -> bool:
    if name.startswith(("https://", "http://")):
        return True
    return not (name.startswith((".", "/", "~", "file:", "$", "\\")) or name.endswith(ARCHIVES) or "{" in name)


def _of_settings(place: Place) -> str:
    for name in SETTINGS:
        if name in place.environment:
            return f"{name} may name a copied file"
    return settings_obstacle(place, module=True)


def _read(files: list[str], place: Place) -> Iterator[Needs]:
    for name in files:
        path = None if "$" in name else place.path(name)
        content = place.files.text(path) if path else None
        if path is None or content is None:
            yield blocked(f"{name} is not among the copied files")
        elif path.endswith((".yml", ".yaml")):
            yield Needs(reads=(path,))
            yield from _of_environment(path, content, place)
        elif path.endswith(".txt"):
            entries = [line.strip() for line in content.splitlines() if line.strip() and line.strip()[0] not in "#@"]
            obstacle = _of_packages(entries)
            yield blocked(obstacle) if obstacle else Needs(reads=(path,))
        else:
            yield blocked(f"the format of {name} is not known")


def _of_environment(path: str, content: str, place: Place) -> Iterator[Needs]:
    """What an environment file leads to."""
    found = [mapping(one) for one in documents(content)]
    name = path.rpartition("/")[2]
    if len(found) != 1 or "{{" in content or not isinstance(found[0].get("dependencies"), list):
        yield blocked(f"{name} cannot be read")
        return
    (environment,) = found
    yield from () if environment.get("prefix") is None else (_prefix(text(environment["prefix"]) or "$", place),)
    channels = [text(one) or "$" for one in items(environment.get("channels"))]
    obstacle = _of_packages(channels)
    if obstacle:
        yield blocked(f"{name} names a channel that may be a copied folder")
    for one in items(environment["dependencies"]):
        entry = text(one)
        if entry is not None:
            obstacle = _of_packages([entry])
            yield blocked(obstacle) if obstacle else NOTHING
        elif mapping(one).keys() == {"pip"}:
            yield from (_of_line(line, path, place) for line in items(mapping(one)["pip"]))
        else:
            yield blocked(f"{name} has a dependency that is not understood")


def _of_line(line: object, path: str, place: Place) -> Needs:
    """One line of the section for pip, which runs in the folder of the environment file."""
    entry = text(line)
    if entry is None:
        return blocked("a requirement for pip is not understood")
    name, _, value = entry.replace("=", " ", 1).partition(" ") if entry.startswith("--") else entry.partition(" ")
    if name in INCLUDED:
        folder = path.rpartition("/")[0] or "/"
        found = file_needs(place.inside(folder).path(value.strip()), place, value.strip())
        return blocked(found) if isinstance(found, str) else found
    if name in PIP_OPTIONS:
        return NOTHING
    asked = parse_requirement(entry)
    if isinstance(asked, Requirement) or (isinstance(asked, Repository) and "file:" not in asked.url):
        return NOTHING
    return blocked(f"pip installs {entry} from the build context")
