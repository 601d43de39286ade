"""Which yarn a RUN calls: yarn 1 that fills `node_modules`, or one whose packages may be used from its cache."""

from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run

PROGRAMS = ("yarn", "yarnpkg")
CLASSIC_LOCK = "# yarn lockfile v1"


def yarn_fills_node_modules(file: Dockerfile, run: Run) -> bool | None:
    """Whether the yarn of a RUN is yarn 1 and copies packages out of its cache; None where nothing says so.

    From 2 on yarn may run an application from its cache; yarn 1 does so only where a package.json says `pnp`.
    """
    calls = [call for call in run.calls if call.is_(*PROGRAMS)]
    if any(call.has("--pnp", "--enable-pnp") for call in calls):
        return False
    if file.context is None:
        return True if all(call.values[:1] == ("global",) for call in calls) else None
    paths = [path for path in file.context.files if "node_modules/" not in path]
    if any(path.endswith((".yarnrc.yml", ".pnp.js", ".pnp.cjs")) or "/.yarn/releases/" in f"/{path}" for path in paths):
        return False
    manifests = [file.context.read(path) or "" for path in paths if path.endswith("package.json")]
    if any(_asks_for_later(text.replace(" ", "")) or '"pnp"' in text for text in manifests):
        return False
    locks = [file.context.read(path) or "" for path in paths if path.endswith("yarn.lock")]
    return True if locks and all(CLASSIC_LOCK in lock for lock in locks) else None


def _asks_for_later(manifest: str) -> bool:
    """Whether a package.json, blanks removed, asks for a yarn of its own that is not yarn 1."""
    return '"yarn@' in manifest and '"yarn@1' not in manifest
