"""Print what npm, yarn and pnpm left: bytes of every package, of caches, and the lockfile."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

CACHE = Path(os.environ.get("PROBED_CACHE", "/root/.npm"))
ROOT = Path(os.environ.get("PROBED_FOLDER", "/a"))
CACHES = (str(CACHE), "/usr/local/share/.cache", "/root/.cache", "/root/.local/share/pnpm")


def weigh(folder: Path, skip: tuple[str, ...] = ()) -> int:
    """Bytes of the files below a folder; a file with several names counts once."""
    total, seen = 0, set()
    for place, folders, names in os.walk(folder):
        folders[:] = [one for one in folders if one not in skip]
        for name in names:
            status = Path(place, name).lstat()
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_size
    return total


def downloads() -> dict[str, int]:
    """Bytes of each archive that npm keeps, by the end of its address, and of each list of versions."""
    found = {}
    for place, _, names in os.walk(CACHE / "_cacache" / "index-v5"):
        for name in names:
            for line in Path(place, name).read_text().splitlines():
                if "\t" in line:
                    entry = json.loads(line.split("\t", 1)[1])
                    found[entry["key"].partition("request-cache:")[2]] = entry.get("size", 0)
    return found


def packages(root: Path, archives: Mapping[str, int]) -> Iterator[dict[str, object]]:
    addresses = {url.rpartition("/")[2]: size for url, size in archives.items() if url.endswith(".tgz")}
    lists = {
        url.rpartition("/")[2].replace("%2f", "/"): size for url, size in archives.items() if not url.endswith(".tgz")
    }
    for path in sorted(root.rglob("package.json")):
        parent = path.parent
        above = parent.parent.name if not parent.parent.name.startswith("@") else parent.parent.parent.name
        if above != "node_modules":
            continue
        try:
            manifest = json.loads(path.read_text())
        except ValueError:
            continue
        name = str(parent).rpartition("node_modules/")[2]
        version = str(manifest.get("version", ""))
        needs = {**manifest.get("dependencies", {}), **manifest.get("optionalDependencies", {})}
        peers = [
            one
            for one in manifest.get("peerDependencies", {})
            if not manifest.get("peerDependenciesMeta", {}).get(one, {}).get("optional")
        ]
        yield {
            "name": name,
            "version": version,
            "bytes": weigh(parent, ("node_modules",)),
            "archive": addresses.get(f"{name.rpartition('/')[2]}-{version}.tgz", 0),
            "list": lists.get(name, 0),
            "requires": " ".join(sorted({*needs, *peers})),
        }


def main() -> None:
    lock = ROOT / "package-lock.json"
    report = {
        "total": weigh(ROOT / "node_modules"),
        "cache": sum(weigh(Path(folder)) for folder in CACHES),
        "packages": list(packages(ROOT / "node_modules", downloads())),
        "lock": json.loads(lock.read_text()) if lock.is_file() else {},
    }
    json.dump(report, sys.stdout)


main()
