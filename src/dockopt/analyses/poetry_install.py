"""What `poetry install` and `poetry export` read of the copied files: the manifest, the lockfile and `poetry.toml`.

A project that is itself installed is an obstacle; its dependencies alone are what `--no-root` asks for.
"""

from dockopt.analyses.install_needs import NOTHING, Ahead, Line, Needs, Place, beside, blocked, read_line, words
from dockopt.context.manifests import toml
from dockopt.model.commands import Call

VALUED = words("--only --without --with --extras -E --cache-dir -f --format -o --output")
PLAIN = words(
    "--no-root --no-dev --only-root --sync --no-interaction -n --no-ansi --ansi --quiet -q --verbose -v -vv -vvv"
    " --all-extras --all-groups --compile --no-cache --remove-untracked --unset --local --no-plugins"
    " --without-hashes --without-urls"
)
VARIABLES = words(
    "POETRY_VERSION POETRY_HOME POETRY_NO_INTERACTION POETRY_VIRTUALENVS_CREATE POETRY_VIRTUALENVS_IN_PROJECT"
    " POETRY_CACHE_DIR POETRY_NO_ANSI POETRY_INSTALLER_PARALLEL POETRY_INSTALLER_MAX_WORKERS POETRY_VIRTUALENVS_PATH"
    " POETRY_VIRTUALENVS_OPTIONS_ALWAYS_COPY POETRY_REQUESTS_TIMEOUT POETRY_INSTALLER_NO_BINARY POETRY_VENV"
)
SETTINGS = ("virtualenvs.", "installer.", "cache-dir", "experimental.", "keyring.", "http-basic.", "pypi-token.")


def poetry_needs(call: Call, place: Place) -> Needs:
    """The needs of a poetry command."""
    line = read_line(call, VALUED, PLAIN)
    match line.operands:
        case ():
            return (
                NOTHING if line.options.keys() <= {"--version", "-V"} else blocked("poetry may read the copied files")
            )
        case ("config", name, *_) if name.startswith(SETTINGS) and not line.has("--local"):
            return NOTHING
        case ("install" | "sync",):
            return _install(line, place)
        case ("export",):
            return _export(line, place)
        case ("self", *_):
            return Needs(installs=True)
    return blocked(f"poetry {line.operands[0]} may read the copied files")


def poetry_ahead(call: Call, place: Place) -> Ahead | None:
    """`poetry install` without the project itself."""
    line = read_line(call, VALUED, PLAIN)
    if line.operands not in (("install",), ("sync",)) or line.has("--no-root", "--only-root"):
        return None
    return Ahead(_install(line._replace(options={**line.options, "--no-root": ""}), place), " --no-root")


def _export(line: Line, place: Place) -> Needs:
    """A requirements file made of what the lockfile lists."""
    needs = _install(line._replace(options={**line.options, "--no-root": ""}), place)
    written = place.path(line.options.get("-o") or line.options.get("--output"))
    if written is None or place.files.any_below(written):
        return blocked(
            "poetry export writes over a copied file" if written else "where poetry export writes is not known"
        )
    return needs if needs.obstacle else needs._replace(fills=(written,), installs=False)


def _install(line: Line, place: Place) -> Needs:
    if line.obstacle or place.folder is None:
        return blocked(line.obstacle or "the folder that poetry runs in is not known")
    for name in place.environment:
        if name.startswith("POETRY_") and name not in VARIABLES:
            return blocked(f"{name} may name a copied file")
    manifest, lockfile = beside(place.folder, "pyproject.toml"), beside(place.folder, "poetry.lock")
    sources = [place.files.at(path) for path in (manifest, lockfile)]
    if None in sources:
        missing = "pyproject.toml" if sources[0] is None else "poetry.lock"
        return blocked(f"no {missing} is copied to {place.folder}")
    context = place.files.context
    project, lock = (context.once(toml.read, source) for source in sources if source)
    if project is None or lock is None:
        return blocked("pyproject.toml or poetry.lock is not TOML")
    if toml.table(project, "tool", "poetry", "requires-plugins"):
        return blocked("pyproject.toml asks for plugins of poetry")
    if not line.has("--no-root") and toml.table(project, "tool", "poetry").get("package-mode") is not False:
        return blocked("poetry install installs the project itself, too")
    for package in toml.tables(lock, "package"):
        if toml.table(package, "source").get("type") in ("directory", "file"):
            return blocked(f"poetry.lock takes {package.get('name')} from the build context")
    named = toml.table(project, "project", "license").get("file")
    license_text = place.path(str(named)) if named else None
    if named and (license_text is None or place.files.at(license_text) is None):
        return blocked(f"{named} is not copied, and poetry reads it")
    settings = beside(place.folder, "poetry.toml")
    others = (license_text, settings if settings in place.files.places else None)
    reads = (manifest, lockfile, *(path for path in others if path))
    return Needs(reads, (beside(place.folder, ".venv"),), installs=True)
