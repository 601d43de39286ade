"""The packages that the tables cover: those that Dockerfiles install most often, and their usual companions."""

from pathlib import Path

NAMES = frozenset(Path(__file__).with_name("names.txt").read_text().split())
DEVELOPMENT = frozenset(name for name in NAMES if name.endswith("-dev"))
