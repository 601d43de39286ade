"""Copied files that a Go program's build reads and the program does not, by their names and folders.

A name that the image's command says is never one of them.
"""

import re

from dockopt.build.image import Image

SOURCES = re.compile(r".*\.(?:go|mod|sum|work|proto|c|cc|cpp|cxx|h|hh|hpp|s|S|mk|golden)")
NAMES = re.compile(
    r"(?:Makefile|makefile|GNUmakefile|LICENSE|COPYING|NOTICE|AUTHORS|CODEOWNERS|[A-Z][A-Z_-]+\.(?:md|rst)|"
    r"Dockerfile.*|.*\.Dockerfile|docker-compose.*|compose\..*|\.(?:git|golangci|docker|editorconfig|travis).*)"
)
WORDS_FOR_PEOPLE = (".md", ".rst")
FOLDER = re.compile(r"(?:^|.*?/)(vendor|testdata|docs|test|\.git|\.github|\.vscode|\.idea|\.circleci)/.*")
MODULE = "go.mod"


def is_build_only(path: str, image: Image) -> bool:
    folder, _, name = path.rpartition("/")
    if name in _said(image):
        return False
    if SOURCES.fullmatch(name) or NAMES.fullmatch(name):
        return True
    if name.endswith(WORDS_FOR_PEOPLE) and f"{folder}/{MODULE}".lstrip("/") in image.files:
        return True
    found = FOLDER.fullmatch(path)
    return found is not None and found[1] not in _said(image)


def _said(image: Image) -> frozenset[str]:
    """All words of the command that starts the image, its paths in parts."""
    words = [*(image.config.get("Entrypoint") or ()), *(image.config.get("Cmd") or ())]
    return frozenset(part for word in words for part in re.split(r"[\s/=:,;]+", word))
