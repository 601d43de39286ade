"""Which commands the packages of buildpack-deps bring: writes `image_commands.csv`.

Usage: python corpus/tables/image_commands.py      (Debian with apt and apt-file)

One row a command of the full images that Debian's slim image has not, with its package and the layouts that hold it.
"""

import re
import sys

import debian

sys.path.insert(0, str(debian.KNOWLEDGE.parents[1]))

from dockopt.knowledge import image_contents as contents

SUITE = "bookworm"
FOLDERS = {"/usr/bin", "/usr/sbin", "/bin", "/sbin"}
LAYOUTS = {
    "curl": contents.BUILDPACK_CURL,
    "scm": contents.BUILDPACK_SCM,
    "full": contents.BUILDPACK,
    "golang": contents.FAMILIES["golang"].full,
    **{f"{name}-slim": contents.FAMILIES[name].in_slim for name in ("python", "ruby", "rust", "erlang")},
}


def main() -> None:
    index = debian.index(SUITE)
    closures = {
        layout: set(index.closure(names.split(), recommends=False, present=index.base))
        for layout, names in LAYOUTS.items()
    }
    everything = set().union(*closures.values())
    rows: dict[str, str] = {}
    for package, path in debian.files(SUITE, r"/s?bin/[^/]+$"):
        folder, _, command = path.rpartition("/")
        if package in everything and folder in FOLDERS and re.fullmatch(r"[A-Za-z0-9][\w+.-]*", command):
            layouts = [layout for layout, closure in closures.items() if package in closure]
            rows.setdefault(command, f"{command},{package},{' '.join(layouts)}")
    aliases = {"cc": "gcc", "c++": "g++", "convert": "imagemagick", "identify": "imagemagick", "mogrify": "imagemagick"}
    aliases |= {"montage": "imagemagick", "composite": "imagemagick", "import": "imagemagick", "pkg-config": "pkgconf"}
    for command, package in aliases.items():
        layouts = [layout for layout, closure in closures.items() if package in closure]
        if layouts:
            rows.setdefault(command, f"{command},{package},{' '.join(layouts)}")
    text = "\n".join(["command,package,layouts", *(rows[command] for command in sorted(rows))]) + "\n"
    (debian.KNOWLEDGE / "image_commands.csv").write_text(text)
    print(f"{len(rows)} commands, {len(text) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
