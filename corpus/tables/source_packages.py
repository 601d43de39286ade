"""Write `crate_sizes.csv`, `go_module_sizes.csv`, `gem_sizes.csv` and `composer_sizes.csv` of dockopt's knowledge.

Usage: python corpus/tables/source_packages.py
Debian packages the sources of many crates, Go modules, gems and PHP libraries; the sizes are those of its package
index, which `apt-cache dumpavail` prints on a machine with Debian 12's. Names are as Debian spells them, without its
prefixes and suffixes; the archive is the compressed package.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

KNOWLEDGE = Path(__file__).resolve().parents[2] / "src" / "dockopt" / "knowledge"
PATTERNS = {
    "crate": re.compile(r"librust-([a-z0-9-]+?)(?:-\d+(?:\.\d+)*)?-dev"),
    "go_module": re.compile(r"golang-([a-z0-9.-]+)-dev"),
    "gem": re.compile(r"ruby-([a-z0-9.-]+)"),
    "composer": re.compile(r"php-([a-z0-9.-]+)"),
}
PROGRAMS = {"gem": ("puma", "rake", "bundler", "rails", "unicorn", "capistrano", "jekyll", "thin", "passenger")}
SMALLEST = 20
"""Kilobytes; smaller packages are empty ones that only require others."""


def main() -> int:
    packages = list(index())
    for language, pattern in PATTERNS.items():
        found: dict[str, tuple[int, int]] = {}
        for name, size, archive in packages:
            match = pattern.fullmatch(name)
            key = match[1] if match else name if name in PROGRAMS.get(language, ()) else ""
            if key and size >= SMALLEST:
                found[key] = max(found.get(key, (0, 0)), (size * 1024, archive))
        lines = [f"{name},{size},{archive},Debian 12 index" for name, (size, archive) in sorted(found.items())]
        (KNOWLEDGE / f"{language}_sizes.csv").write_text("\n".join(["name,bytes,archive,source", *lines]) + "\n")
    return 0


def index() -> Iterator[tuple[str, int, int]]:
    """Name, kilobytes installed and bytes of every package."""
    text = subprocess.run(["apt-cache", "dumpavail"], capture_output=True, text=True, check=True).stdout
    for entry in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in entry.splitlines() if ": " in line and not line[0].isspace())
        if "Installed-Size" in fields and "Size" in fields:
            yield fields["Package"], int(fields["Installed-Size"]), int(fields["Size"])


if __name__ == "__main__":
    sys.exit(main())
