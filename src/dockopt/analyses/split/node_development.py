"""Which development dependencies of a Node project the files that run may use."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from dockopt.context.node_source import is_node_script
from dockopt.context.tree import Context

SOURCES = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx", ".vue", ".svelte")
SETTINGS = (".json", ".yaml", ".yml", ".env", ".babelrc", ".toml")
BUILD_TOOLS = (
    *("webpack", "rollup", "vite", "babel", "jest", "vitest", "eslint", "prettier", "postcss", "tailwind", "cypress"),
    *("playwright", "karma", "tsup", "gulpfile", "gruntfile", "commitlint", "lint-staged", "release", "stylelint"),
)
MANIFESTS = ("package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "tsconfig")
DRIVERS = frozenset("pg mysql mysql2 mariadb sqlite3 better-sqlite3 tedious oracledb".split())
LOAD_DRIVERS = frozenset(
    "sequelize sequelize-typescript knex typeorm objection bookshelf waterline @mikro-orm/core kysely keyv".split()
)
"""Packages that require the driver of a database by a name that settings or the environment give."""
SERVES_ALL = r"(?:\bstatic\b|\bserve\w*\(|\broot\s*:)[^\n]*\bnode_modules/?['\"`]"
TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "e2e", "cypress", "__mocks__", ".storybook", ".github"})


def used_development(names: Iterable[str], context: Context, paths: Iterable[str]) -> Iterator[str]:
    """Those of the packages that a source or settings file which may run in the container names."""
    texts = [(path, context.read(path) or "") for path in sorted(paths) if _counts(path)]
    texts = [(path, text) for path, text in texts if "." in path.rpartition("/")[2] or is_node_script(text)]
    own = [text for path, text in texts if not _is_test(path)]
    if not any(_speaks_of_tests(text) for text in own):
        texts = [(path, text) for path, text in texts if not _is_test(path)]
    if any(path.endswith(SOURCES) and re.search(SERVES_ALL, text) for path, text in texts if "node_modules" in text):
        yield from names
        return
    for name in names:
        marks = (f"'{name}'", f'"{name}"', f"'{name}/", f'"{name}/', f"`{name}`")
        for path, text in texts:
            served = path.endswith(SOURCES) and f"node_modules/{name}" in text
            named = path.endswith((".yaml", ".yml", ".toml")) and name in text
            if served or named or any(mark in text for mark in marks):
                yield name
                break


def drivers(direct: Iterable[str], development: Iterable[str]) -> frozenset[str]:
    """The drivers of databases that a package loads by name, where the project's own dependencies have none."""
    known = frozenset(direct)
    return DRIVERS.intersection(development) if LOAD_DRIVERS & known and not DRIVERS & known else frozenset()


def _counts(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    if "node_modules/" in path or name.startswith((*MANIFESTS, "docker-compose", "compose.", ".eslint", ".prettier")):
        return False
    if ".config." in name or name.startswith(("gulpfile", "gruntfile")):
        return not name.startswith(BUILD_TOOLS)
    return name.endswith((*SOURCES, *SETTINGS)) or name.startswith(".babelrc") or "." not in name


def _is_test(path: str) -> bool:
    name = path.rpartition("/")[2]
    return ".test." in name or ".spec." in name or bool(TEST_FOLDERS & set(path.split("/")[:-1]))


def _speaks_of_tests(text: str) -> bool:
    """Whether a source outside the tests imports from them."""
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    folders = "|".join(re.escape(folder) for folder in sorted(TEST_FOLDERS))
    return re.compile(rf"""['"`](?:\.{{1,2}}/)+(?:[^'"`]*/)?(?:{folders})(?:/|['"`])""")
