"""`composer.json` and `composer.lock`: where packages come from, which are plugins, and what runs on install."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockopt.context.tree import Context

FIRST_INSTALL_EVENTS = frozenset(
    {
        *(
            "pre-package-install",
            "post-package-install",
            "pre-package-update",
            "post-package-update",
            "init",
            "command",
        ),
        *("pre-package-uninstall", "post-package-uninstall", "pre-file-download", "post-file-download"),
        "pre-install-cmd",
        *("pre-pool-create", "pre-operations-exec", "pre-command-run"),
    }
)
"""Script events of single packages, or of the program as such: https://getcomposer.org/doc/articles/scripts.md."""


OPTIMIZING = ("optimize-autoloader", "classmap-authoritative")


class ComposerProject(NamedTuple):
    """What the two files say. `local` are packages and repositories in folders, `plugins` the names of plugins.

    `events` are the scripts for events that only the install of a package itself sets off; `vendor` is where packages
    go; `autoloads` says that the project's own classes or files are listed when the autoloader is written, `optimizes`
    that all classes are.
    """

    local: tuple[str, ...]
    plugins: tuple[str, ...]
    events: tuple[str, ...]
    scripts: tuple[str, ...]
    vendor: str
    autoloads: bool
    optimizes: bool
    problems: tuple[str, ...]


def read(context: Context, path: str) -> ComposerProject:
    """The project whose composer.json is at a context path, with the composer.lock beside it."""
    manifest = _object(context.read(path))
    lock = _object(context.read(path.removesuffix(".json") + ".lock"))
    if manifest is None or lock is None:
        name = "composer.json" if manifest is None else "composer.lock"
        return ComposerProject(
            (), (), (), (), "vendor", autoloads=True, optimizes=True, problems=(f"{name} is not a JSON object",)
        )
    packages = [*_objects(lock.get("packages")), *_objects(lock.get("packages-dev"))]
    scripts = tuple(_mapping(manifest.get("scripts")))
    autoload = [_mapping(manifest.get(key)) for key in ("autoload", "autoload-dev")]
    return ComposerProject(
        local=(*_local_repositories(manifest), *_local_packages(packages)),
        plugins=tuple(str(one.get("name")) for one in packages if one.get("type") == "composer-plugin"),
        events=tuple(name for name in scripts if name in FIRST_INSTALL_EVENTS),
        scripts=scripts,
        vendor=str(_mapping(manifest.get("config")).get("vendor-dir", "vendor")),
        optimizes=any(_mapping(manifest.get("config")).get(name) is True for name in OPTIMIZING),
        autoloads=any({"classmap", "files"} & one.keys() for one in autoload),
        problems=(),
    )


def _local_repositories(manifest: Mapping[str, object]) -> Iterator[str]:
    found = manifest.get("repositories")
    for one in found.values() if isinstance(found, dict) else _objects(found):
        entry = _mapping(one)
        if entry.get("type") in ("path", "artifact") or (entry and "://" not in str(entry.get("url", "://"))):
            yield str(entry.get("url"))


def _local_packages(packages: list[Mapping[str, object]]) -> Iterator[str]:
    for one in packages:
        places = [_mapping(one.get(key)) for key in ("dist", "source")]
        if any(place.get("type") == "path" or "://" not in str(place.get("url", "://")) for place in places):
            yield str(one.get("name"))


def _object(text: str | None) -> Mapping[str, object] | None:
    try:
        found = json.loads((text or "").removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _objects(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
