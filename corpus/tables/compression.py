"""Ratios of compression by kind of content, and how long instructions take: prints what was measured on real builds.

Usage: python corpus/tables/compression.py [WORD]...      (docker with BuildKit, and the base images named below)

Builds one layer for every recipe, or for those with a WORD in their name, packs its files with `gzip -6` kind by kind
as a layer would be, and prints the range for each kind: the rows of `knowledge/compression.py`. The seconds beside each
recipe are those of its RUN; `knowledge/speeds.py` is wide enough for them on a busy machine and on an idle one.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path

APT = "apt-get update && apt-get install -y --no-install-recommends {} && rm -rf /var/lib/apt/lists/*"
NPM = "mkdir /a && cd /a && npm init -y && npm install {}"
GO = "mkdir /a && cd /a && printf 'package main\\nfunc main() {{ println(1) }}\\n' > a.go && go mod init {} && go build"
SERVER = GO.replace(
    "func main() {{ println(1) }}", 'import "net/http"\\nfunc main() {{ http.ListenAndServe("", nil) }}'
)
CARGO = "cargo new -q --vcs none /{0} && cd /{0} && cargo build -q && cargo build -q --release"
RECIPES = (
    *(
        ("debian:12-slim", APT, names)
        for names in ("curl ca-certificates", "git", "libpq5", "build-essential", "python3", "imagemagick", "ffmpeg")
    ),
    *((f"debian:{release}-slim", "apt-get update{}", "") for release in (12, 13)),
    *(
        ("python:3.11-slim", "pip install {}", names)
        for names in (
            *("flask requests", "django gunicorn", "numpy pandas", "fastapi uvicorn sqlalchemy", "boto3 celery"),
            *("pillow lxml cryptography", "scikit-learn"),
        )
    ),
    *(
        ("node:20-slim", NPM, names)
        for names in (
            *("express", "vite react react-dom", "typescript eslint", "next react react-dom"),
            "lodash axios moment mongoose pg",
        )
    ),
    ("golang:1.24", GO, "small"),
    ("golang:1.24", SERVER, "server"),
    ("rust:1.63", CARGO, "program"),
)
PLACES = {
    "system package lists": ("/var/lib/apt/lists/",),
    "npm cache": ("/.npm/",),
    "pip cache": ("/root/.cache/pip/",),
    "build cache": ("/root/.cache/go-build/", "/target/"),
    "package database": ("/var/lib/dpkg/", "/var/cache/debconf/"),
    "node packages": ("/node_modules/",),
    "Python packages": ("/site-packages/",),
}
SYSTEM = "system packages"
TAG = f"dockopt-compression-{os.getpid()}"
LEAST = 100_000
"""Bytes of a kind that are worth a ratio."""
Sizes = dict[str, tuple[int, int]]


def main(words: list[str]) -> None:
    ratios: dict[str, list[float]] = {}
    for base, command, names in RECIPES:
        run = command.format(names)
        if words and not any(word in run for word in words):
            continue
        seconds = build(base, run)
        for kind, (plain, packed) in sorted(layer().items()):
            if plain >= LEAST:
                ratios.setdefault(kind, []).append(packed / plain)
                print(f"{base:16} {names:28} {seconds:6.1f} s  {kind:20} {plain / 1e6:8.2f} MB  {packed / plain:.2f}")
    print()
    for kind, found in sorted(ratios.items()):
        print(f"{kind:20} {min(found):.2f} {statistics.median(found):.2f} {max(found):.2f}  {len(found)} layers")
    subprocess.run(["docker", "image", "rm", "-f", TAG], capture_output=True, check=False)


def build(base: str, run: str) -> float:
    """Build one RUN on a base and give its seconds."""
    command = ["docker", "build", "--network=host", "--no-cache", "--progress=plain", "-t", TAG, "-"]
    done = subprocess.run(command, input=f"FROM {base}\nRUN {run}\n", text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    step = re.search(r"^#(\d+) \[2/2\] RUN", done.stderr, re.MULTILINE)
    took = step and re.search(rf"^#{step[1]} DONE ([\d.]+)s", done.stderr, re.MULTILINE)
    return float(took[1]) if took else 0.0


def layer() -> Sizes:
    """Plain and packed bytes of the last layer, by kind."""
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "image.tar"
        subprocess.run(["docker", "save", "-o", str(saved), TAG], check=True)
        with tarfile.open(saved) as image:
            manifest = image.extractfile("manifest.json")
            assert manifest is not None
            name = json.load(manifest)[0]["Layers"][-1]
            blob = image.extractfile(name)
            assert blob is not None
            with tarfile.open(fileobj=blob) as files:
                return packed_by_kind(files)


def packed_by_kind(files: tarfile.TarFile) -> Sizes:
    packers: dict[str, zlib._Compress] = {}
    plain: dict[str, int] = {}
    packed: dict[str, int] = {}
    for member in files:
        file = files.extractfile(member) if member.isfile() else None
        if file is None:
            continue
        data = file.read()
        for kind in kinds(f"/{member.name}", data[:8000]):
            packer = packers.setdefault(kind, zlib.compressobj(6))
            whole = member.tobuf() + data + bytes(-len(data) % 512)
            plain[kind] = plain.get(kind, 0) + len(data)
            packed[kind] = packed.get(kind, 0) + len(packer.compress(whole))
    return {kind: (plain[kind], packed[kind] + len(packer.flush())) for kind, packer in packers.items()}


def kinds(path: str, head: bytes) -> list[str]:
    """The kind that a place makes a file, else that of its content together with being a system package's."""
    found = [kind for kind, places in PLACES.items() if any(place in path for place in places)]
    if found:
        return found[:1]
    content = "programs" if head.startswith(b"\x7fELF") else "text" if b"\0" not in head else "other"
    return [content, SYSTEM] if path.startswith(("/usr/", "/etc/", "/lib", "/bin/")) else [content]


if __name__ == "__main__":
    main(sys.argv[1:])
