"""What Yarn 2 and later read of the copied files beside the manifest and the lockfile, and what they write."""

from collections.abc import Iterator

from dockopt.analyses.install_needs import Place, above, beside, words

SETTINGS = words(
    "nodeLinker yarnPath enableGlobalCache compressionLevel enableTelemetry npmRegistryServer plugins npmScopes"
    " httpTimeout httpRetry enableImmutableInstalls packageExtensions npmAuthToken npmAuthIdent npmAlwaysAuth"
    " supportedArchitectures nmHoistingLimits nmMode checksumBehavior enableScripts enableProgressBars"
    " networkConcurrency logFilters enableMessageNames defaultSemverRangePrefix"
    " npmPublishAccess preferInteractive enableStrictSsl enableMirror"
    " progressBarStyle npmMinimalAgeGate enableHardenedMode dependenciesMeta approvedGitRepositories catalog"
)
WRITTEN = (".pnp.cjs", ".pnp.loader.mjs", ".yarn/cache", ".yarn/unplugged", ".yarn/install-state.gz")
LOCAL = ("@portal:", "@link:", "@file:")
RELEASES = ".yarn/releases/"
OWN_PLUGINS = ("@yarnpkg/plugin-",)


def berry_reads(place: Place, folder: str) -> tuple[str, ...]:
    """Settings, releases and plugins that were copied."""
    settings = beside(folder, ".yarnrc.yml")
    parts = [beside(folder, f".yarn/{name}/") for name in ("releases", "plugins")]
    found = (path for path in place.files.places if path.startswith(tuple(parts)))
    return (*((settings,) if settings in place.files.places else ()), *sorted(found))


def berry_fills(folder: str) -> tuple[str, ...]:
    return tuple(beside(folder, name) for name in WRITTEN)


def berry_obstacle(place: Place, folder: str) -> str:
    """What of it is not understood."""
    for name in (".yarn/cache", ".yarn/patches", ".pnp.cjs", ".yarn/offline"):
        if place.files.any_below(beside(folder, name)):
            return f"the build context holds {name}"
    for one in above(folder):
        if beside(one, ".yarnrc.yml") in place.files.places:
            return f"{one} holds settings for Yarn, too"
    lock = place.files.text(beside(folder, "yarn.lock")) or ""
    if "__metadata:" not in lock:
        return "yarn.lock is absent or that of Yarn 1, and would be written anew"
    if any(mark in lock for mark in LOCAL):
        return "yarn.lock takes packages from the build context"
    if any("@patch:" in line and "builtin<" not in line for line in lock.splitlines()):
        return "packages are patched with files of the build context"
    text = place.files.text(beside(folder, ".yarnrc.yml"))
    return next(_unknown(text), "") if text is not None else ""


def _unknown(text: str) -> Iterator[str]:
    from dockopt.context.yaml_text import documents, items, mapping  # noqa: PLC0415 - only where there is YAML

    found = list(documents(text))
    if text.strip() and not found:
        yield ".yarnrc.yml is not YAML"
    for settings in map(mapping, found):
        yield from (f".yarnrc.yml may name a copied file: {name}" for name in settings if name not in SETTINGS)
        program = str(settings.get("yarnPath", RELEASES)).removeprefix("./")
        if not program.startswith(RELEASES):
            yield f".yarnrc.yml may name a copied file: {program}"
        for plugin in items(settings.get("plugins")):
            spec = str(mapping(plugin).get("spec"))
            if not spec.startswith(OWN_PLUGINS):
                yield f"Yarn's plugin {spec} may read the copied files"
