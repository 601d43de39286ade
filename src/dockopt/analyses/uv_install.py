"""What `uv sync` and `uv pip install` read of the copied files: `pyproject.toml`, `uv.lock` and settings.

A project that is itself installed is an obstacle; its dependencies alone are what `--no-install-project` asks for.
"""

from dockopt.analyses.install_needs import NOTHING, Ahead, Line, Needs, Place, above, beside, blocked, read_line, words
from dockopt.analyses.pip_install import pip_needs
from dockopt.analyses.words import read_as
from dockopt.context.manifests import toml
from dockopt.context.manifests.pyproject import read as read_pyproject
from dockopt.model.commands import Call

VALUED = words(
    "--group --only-group --no-group --extra --no-extra --python -p --link-mode --index --default-index --index-url"
    " -i --extra-index-url --cache-dir --color --python-preference --index-strategy --keyring-provider"
    " --no-install-package --no-build-package --no-binary-package --upgrade-package --config-setting -C"
)
PLAIN = words(
    "--frozen --locked --no-dev --dev --only-dev --all-groups --no-default-groups --all-extras --no-editable --inexact"
    " --exact --no-install-project --no-cache -n --compile-bytecode --quiet -q -qq --verbose -v --no-progress"
    " --native-tls --no-python-downloads --no-managed-python --managed-python --no-build --no-binary --offline"
    " --no-sources --reinstall --refresh --system -U --upgrade"
)
VARIABLES = words(
    "UV_COMPILE_BYTECODE UV_LINK_MODE UV_NO_DEV UV_PYTHON_DOWNLOADS UV_TOOL_BIN_DIR UV_CACHE_DIR UV_NO_CACHE"
    " UV_SYSTEM_PYTHON UV_PROJECT_ENVIRONMENT UV_PYTHON UV_PYTHON_INSTALL_DIR UV_PYTHON_PREFERENCE UV_HTTP_TIMEOUT"
    " UV_VERSION UV_INDEX_URL UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL UV_FROZEN UV_LOCKED UV_NO_PROGRESS UV_NATIVE_TLS"
    " UV_CONCURRENT_DOWNLOADS UV_CONCURRENT_INSTALLS UV_BREAK_SYSTEM_PACKAGES UV_INSTALL_DIR UV_NO_EDITABLE"
    " UV_UNMANAGED_INSTALL UV_NO_MODIFY_PATH UV_NO_INSTALLER_METADATA UV_PYTHON_BIN_DIR UV_NO_MANAGED_PYTHON"
)
TOO_OLD = ("uv==0.1", "uv==0.2", "uv==0.3", "uv:0.1", "uv:0.2", "uv:0.3", "uv/0.1", "uv/0.2", "uv/0.3")
"""How a file asks for a uv from before `--no-install-project`, which came with 0.4."""
HOSTED = frozenset({"git", "url"})


def uv_needs(call: Call, place: Place) -> Needs:
    """The needs of a uv command."""
    line = read_line(call, VALUED, PLAIN)
    match line.operands:
        case () | ("cache", *_) | ("version" | "--version",):
            return NOTHING
        case ("sync",):
            return _sync(line, place)
        case ("pip", *_):
            return _pip(call, place)
        case ("venv", *folders) if len(folders) < 2:
            folder = place.path(folders[0] if folders else ".venv")
            pinned = any(path.endswith("/.python-version") for path in place.files.places)
            return Needs(fills=(folder,)) if folder and not pinned else blocked("uv venv may read .python-version")
        case ("tool", "install", name) | ("python", "install", name) if name[0].isalnum() and "/" not in name:
            return Needs(installs=True)
    return blocked(f"uv {' '.join(line.operands[:2])} may read the copied files")


def uv_ahead(call: Call, place: Place) -> Ahead | None:
    """`uv sync` without the project itself."""
    line = read_line(call, VALUED, PLAIN)
    if line.operands != ("sync",) or line.has("--no-install-project"):
        return None
    options = {**line.options, "--no-install-project": ""}
    return Ahead(_sync(line._replace(options=options), place, again=True), " --no-install-project")


def _pip(call: Call, place: Place) -> Needs:
    reading = read_as("pip", call, 2)
    kept = tuple(
        one for one in reading.options if one.name not in PLAIN and one.name not in ("--link-mode", "--python")
    )
    needs = pip_needs(reading._replace(options=kept), place, module=False)
    obstacle = needs.obstacle or _of_variables(place)
    if obstacle or place.folder is None:
        return blocked(obstacle or "the folder that uv runs in is not known")
    settings = [
        beside(folder, name)
        for folder in (place.folder, *above(place.folder))
        for name in ("pyproject.toml", "uv.toml", ".python-version")
    ]
    if any(path in place.files.places for path in settings):
        return blocked("uv pip takes settings from the project's files")
    return needs


def _of_variables(place: Place) -> str:
    return next(
        (f"{n} may name a copied file" for n in place.environment if n.startswith("UV_") and n not in VARIABLES), ""
    )


def _sync(line: Line, place: Place, *, again: bool = False) -> Needs:
    """`again` says that the whole install follows, and brings everything to where it has to be."""
    obstacle = line.obstacle or _of_variables(place)
    if obstacle or place.folder is None:
        return blocked(obstacle or "the folder that uv runs in is not known")
    manifest, lockfile = beside(place.folder, "pyproject.toml"), beside(place.folder, "uv.lock")
    sources = [place.files.at(path) for path in (manifest, lockfile)]
    unlocked = again and sources[1] is None and lockfile not in place.files.places
    if None in sources[: 1 if unlocked else 2]:
        missing = "pyproject.toml" if sources[0] is None else "uv.lock"
        return blocked(f"no {missing} is copied to {place.folder}")
    frozen = line.has("--frozen") or "UV_FROZEN" in place.environment
    locked = frozen or line.has("--locked") or "UV_LOCKED" in place.environment
    if not locked and not again:
        return blocked("uv sync may bring uv.lock up to date: --frozen or --locked keeps it")
    context = place.files.context
    tables = [context.once(toml.read, source) for source in sources if source]
    obstacle = (
        _of_project(tables[0], frozen=frozen)
        or ("" if frozen else _of_links(tables[0]))
        or _of_folders(place, place.folder)
    )
    obstacle = obstacle or (_of_sources(place, manifest) if unlocked else _of_lock(tables[1], line))
    if obstacle:
        return blocked(obstacle)
    named = [beside(folder, ".python-version") for folder in (place.folder, *above(place.folder))]
    settings = [path for path in (beside(place.folder, "uv.toml"), *named) if path in place.files.places]
    environment = place.path(place.environment.get("UV_PROJECT_ENVIRONMENT", ".venv"))
    if environment is None:
        return blocked("where uv makes its environment is not known")
    if unlocked:
        return Needs((manifest, *settings), (environment, lockfile), installs=True)
    return Needs((manifest, lockfile, *settings), (environment,), installs=True)


def _of_project(fields: toml.Tables | None, *, frozen: bool) -> str:
    if fields is None:
        return "pyproject.toml is not TOML"
    if toml.table(fields, "tool", "uv", "workspace") or "workspace" in toml.table(fields, "tool", "uv"):
        return "pyproject.toml is the root of a workspace"
    if toml.table(fields, "project").get("dynamic") and not frozen:
        return "building the project says what its metadata is: --frozen does not ask for it"
    return ""


def _of_links(fields: toml.Tables | None) -> str:
    """Folders of packages, which uv looks into where it checks the lockfile."""
    settings = toml.table(fields or {}, "tool", "uv")
    links = settings.get("find-links")
    named = [str(link) for link in links] if isinstance(links, list) else []
    named += [str(index.get("url")) for index in toml.tables(settings, "index")]
    local = next((link for link in named if "://" not in link or link.startswith("file:")), "")
    return f"pyproject.toml names a folder of packages: {local}" if local else ""


def _of_sources(place: Place, manifest: str) -> str:
    """Where there is no lockfile yet, what the manifest itself takes from the context."""
    source = place.files.at(manifest) or ""
    project = place.files.context.once(read_pyproject, source)
    if project.local:
        return f"pyproject.toml takes {project.local[0]} from the build context"
    return next((one for one in project.problems if "workspace" in one or "requirement" in one), "")


def _of_lock(fields: toml.Tables | None, line: Line) -> str:
    """All that is installed has to come from an index, an address or a repository; the project itself is not."""
    if fields is None:
        return "uv.lock is not TOML"
    if toml.table(fields, "manifest").get("members"):
        return "uv.lock is that of a workspace"
    for package in toml.tables(fields, "package"):
        source = toml.table(package, "source")
        registry = source.get("registry")
        if HOSTED & source.keys() or (isinstance(registry, str) and "://" in registry):
            continue
        if source == {"virtual": "."} or (source == {"editable": "."} and line.has("--no-install-project")):
            continue
        if source == {"editable": "."}:
            return "uv sync installs the project itself, too"
        return f"uv.lock takes {package.get('name')} from the build context"
    return ""


def _of_folders(place: Place, folder: str) -> str:
    for one in above(folder):
        if beside(one, "pyproject.toml") in place.files.places or beside(one, "uv.toml") in place.files.places:
            return f"{one} holds settings for uv or a workspace, too"
    return ""
