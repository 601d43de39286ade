"""What npm, yarn and pnpm add: which packages by lockfile or manifest, and what their caches keep."""

import json

import pytest

from dockopt.context.tree import MemoryContext
from dockopt.estimate.contributions import Piece
from dockopt.estimate.languages.node_locks import NodeWanted, fits, mapping, read_lock
from dockopt.estimate.languages.node_sizes import of_lock, of_manifest
from dockopt.estimate.stages import Walk
from dockopt.knowledge.language_sizes import node_package
from dockopt.knowledge.node_platforms import family, is_for_another_system
from dockopt.model.dockerfile import Dockerfile


def pieces(command: str, texts: dict[str, str] | None = None, before: str = "") -> list[Piece]:
    """What the last RUN of a file leaves."""
    file = Dockerfile.parse(f"FROM node:20\nWORKDIR /app\nCOPY . .\n{before}RUN {command}\n")
    walk = Walk(file, MemoryContext(texts or {}))
    return list(walk.layers(file.final)[-1].pieces)


MANIFEST = {"dependencies": {"a": "^1.0.0"}, "devDependencies": {"b": "^2.0.0"}}
NPM = {
    "packages": {
        "": {},
        "node_modules/a": {"version": "1.0.0"},
        "node_modules/a/node_modules/c": {"version": "1.0.0"},
        "node_modules/b": {"version": "2.0.0", "dev": True},
        "node_modules/c": {"version": "3.0.0", "devOptional": True},
        "node_modules/d": {"version": "1.0.0", "os": ["darwin"]},
        "node_modules/e": {"resolved": "packages/e", "link": True},
        "node_modules/f": {"name": "g", "version": "4.0.0"},
    }
}
OLDER = {
    "dependencies": {
        "a": {"version": "1.0.0", "dependencies": {"c": {"version": "1.0.0"}}},
        "b": {"version": "2.0.0", "dev": True},
        "fsevents-darwin": {"version": "1.0.0", "optional": True},
    }
}
YARN = """\
# yarn lockfile v1


a@^1.0.0:
  version "1.0.0"
  resolved "https://example.com/a"
  dependencies:
    "@x/c" "^1.0.0"
    esbuild-darwin-64 "1.0.0"

b@^2.0.0, b@^2.1.0:
  version "2.1.0"
  dependencies:
    "@x/c" "^1.0.0"
    d "1"

"@x/c@^1.0.0":
  version "1.5.0"

d@1:
  version "1.0.0"

esbuild-darwin-64@1.0.0:
  version "1.0.0"
"""
BERRY = """\
__metadata:
  version: 6

"a@npm:^1.0.0":
  version: 1.0.0
  resolution: "a@npm:1.0.0"
  dependencies:
    "@x/c": "npm:^1.0.0"
  languageName: node

"@x/c@npm:^1.0.0":
  version: 1.5.0

"b@npm:^2.0.0":
  version: 2.0.0

"app@workspace:.":
  version: 0.0.0-use.local
  dependencies:
    a: ^1.0.0
"""
PNPM = """\
lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(b@2.0.0)
    devDependencies:
      b:
        specifier: ^2.0.0
        version: 2.0.0

packages:

  '@x/c@1.5.0':
    resolution: {integrity: sha512-x}

  a@1.0.0:
    resolution: {integrity: sha512-x}

  b@2.0.0:
    resolution: {integrity: sha512-x}

  e@1.0.0:
    resolution: {integrity: sha512-x}
    os: [darwin]

snapshots:

  '@x/c@1.5.0': {}

  a@1.0.0(b@2.0.0):
    dependencies:
      '@x/c': 1.5.0
    optionalDependencies:
      e: 1.0.0

  b@2.0.0: {}

  e@1.0.0:
    optional: true
"""
OLDER_PNPM = """\
lockfileVersion: 5.4

dependencies:
  a: 1.0.0_b@2.0.0

devDependencies:
  b: 2.0.0

packages:

  /@x/c/1.5.0:
    resolution: {integrity: sha512-x}
    dev: false

  /a/1.0.0_b@2.0.0:
    resolution: {integrity: sha512-x}
    dependencies:
      '@x/c': 1.5.0
    dev: false

  /b/2.0.0:
    resolution: {integrity: sha512-x}
    dev: true
"""


def elsewhere(name: str) -> NodeWanted:
    return NodeWanted(name, "1.0.0", elsewhere=True)


A, C, B = NodeWanted("a", "1.0.0"), NodeWanted("@x/c", "1.5.0"), NodeWanted("b", "2.0.0", development=True)
D = elsewhere("d")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "package-lock.json",
            json.dumps(NPM),
            [A, NodeWanted("c", "1.0.0"), B, NodeWanted("c", "3.0.0"), D, NodeWanted("g", "4.0.0")],
        ),
        ("package-lock.json", json.dumps(OLDER), [A, NodeWanted("c", "1.0.0"), B, elsewhere("fsevents-darwin")]),
        (
            "yarn.lock",
            YARN,
            [
                *(A, C, B._replace(version="2.1.0"), NodeWanted("d", "1.0.0", development=True)),
                elsewhere("esbuild-darwin-64"),
            ],
        ),
        ("yarn.lock", BERRY, [A, C, B]),
        ("pnpm-lock.yaml", PNPM, [A, C, B]),
        ("pnpm-lock.yaml", OLDER_PNPM, [A, C, B]),
    ],
)
def test_lockfiles(name: str, text: str, expected: list[NodeWanted]) -> None:
    found = read_lock(name, text, json.dumps(MANIFEST))
    assert found is not None
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", ["package-lock.json", "yarn.lock", "pnpm-lock.yaml"])
@pytest.mark.parametrize("text", ["", "[]", "\0"])
def test_lockfiles_that_cannot_be_read(name: str, text: str) -> None:
    assert read_lock(name, text, json.dumps(MANIFEST)) is None


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({}, True),
        ({"os": ["linux"], "cpu": ["x64"]}, True),
        ({"os": ["win32"]}, False),
        ({"os": ["!win32"]}, True),
        ({"os": ["!linux"]}, False),
        ({"cpu": ["arm64"]}, False),
        ({"libc": ["musl"]}, False),
        ({"libc": ["glibc"]}, True),
    ],
)
def test_binaries_for_other_systems(entry: dict[str, list[str]], expected: bool) -> None:
    assert fits(entry) is expected


@pytest.mark.parametrize(
    ("name", "expected", "siblings"),
    [
        ("@esbuild/darwin-arm64", True, "@esbuild/"),
        ("@esbuild/linux-x64", False, "@esbuild/"),
        ("@rollup/rollup-linux-x64-musl", False, "@rollup/rollup"),
        ("lightningcss-win32-x64-msvc", True, "/lightningcss"),
        ("android", False, ""),
        ("express", False, ""),
    ],
)
def test_names_of_binaries(name: str, expected: bool, siblings: str) -> None:
    assert (is_for_another_system(name), family(name)) == (expected, siblings)


def test_binaries_are_as_large_as_those_of_other_systems() -> None:
    row, musl = node_package("@rollup/rollup-linux-x64-gnu"), node_package("@rollup/rollup-linux-x64-musl")
    assert row is not None
    assert musl == row
    assert (
        of_lock([NodeWanted(musl.name, musl.version)]).size.high
        < of_lock([NodeWanted("@rollup/rollup-linux-x64-musl", musl.version)]).size.high
    )


def test_yarn_fetches_the_binaries_of_all_systems() -> None:
    """Measured: 835 MB with Yarn 1 where npm leaves 101 MB, of which nearly all is TypeScript for 25 systems."""
    binaries = ("@typescript/typescript-linux-x64", "@typescript/typescript-win32-x64")
    lines = [f'"{name}@^7.0.0":\n  version "7.0.2"\n' for name in binaries]
    manifest = json.dumps({"dependencies": dict.fromkeys(binaries, "^7.0.0")})
    row = node_package(binaries[0], "7.0.2")
    assert row is not None
    texts = {"package.json": manifest, "yarn.lock": "\n".join(lines)}
    assert cache("yarn install", texts) == 2 * (row.size + row.archive)
    assert {piece.size.expected for piece in pieces("yarn install", texts) if piece.key[0] == "npm"} == {row.size, 0}
    berry = {**texts, "yarn.lock": "__metadata:\n  version: 8\n\n" + texts["yarn.lock"]}
    assert cache("yarn install", berry) == row.size + row.archive
    alone = cache("yarn install", {"package.json": json.dumps({"dependencies": {"typescript": "*"}})})
    assert alone > 15 * (row.size + row.archive)


def test_mappings_of_yaml() -> None:
    text = "a: 1\nb:\n  'c d': {e: f, g: 'h'}\n  # comment\n  i:\n    - x\n  j: k\nl: m\n"
    assert mapping(text) == {"a": "1", "b": {"c d": {"e": "f", "g": "h"}, "i": {}, "j": "k"}, "l": "m"}


def test_known_packages_have_their_size_and_others_a_wide_one() -> None:
    row = node_package("express")
    assert row is not None
    same, other = of_lock([NodeWanted("express", row.version)]), of_lock([NodeWanted("express", "0.0.1")])
    assert same.size.expected == other.size.expected == row.size
    assert same.archives.expected == row.archive
    assert same.size.high - same.size.low < other.size.high - other.size.low
    one = of_lock([NodeWanted("no-such-package", "1.0.0")])
    many = of_lock([NodeWanted("no-such-package", "1.0.0")] * 300)
    assert one.size.high / one.size.low > 100
    assert many.size.high / many.size.low < 10
    assert "not in the table" in one.basis
    assert of_lock([]).size == (0, 0, 0)


def test_direct_dependencies_bring_what_they_need_once() -> None:
    express = of_manifest(["express"])
    assert express.packages > 40
    assert of_manifest(["express", "accepts"]).size == express.size
    assert of_manifest(["accepts"], beside=["express"]).size == (0, 0, 0)


LOCKED = {"package.json": json.dumps(MANIFEST), "package-lock.json": json.dumps(NPM)}


@pytest.mark.parametrize(
    ("command", "kinds"),
    [
        ("npm ci", {"production", "development"}),
        ("npm ci --omit=dev", {"production"}),
        ("npm ci --omit dev", {"production"}),
        ("npm install --production", {"production"}),
        ("NODE_ENV=production npm ci", {"production"}),
        ("NODE_ENV=production npm ci --include=dev", {"production", "development"}),
        ("npm ci && npm prune --production", {"production"}),
        ("npm ci && npm ci --omit=dev", {"production"}),
    ],
)
def test_development_packages_are_left_out_where_the_command_says_so(command: str, kinds: set[str]) -> None:
    assert {piece.key[1] for piece in pieces(command, LOCKED) if piece.key[0] == "npm"} == kinds


def test_the_environment_leaves_them_out_too() -> None:
    found = pieces("npm ci", LOCKED, "ENV NODE_ENV=production\n")
    assert {piece.key[1] for piece in found if piece.key[0] == "npm"} == {"production"}


def test_an_install_adds_nothing_to_an_earlier_one() -> None:
    found = pieces("npm install", LOCKED, "RUN npm ci\n")
    assert [piece.key for piece in found if piece.key[0] in ("npm", "npm cache")] == []
    again = pieces("npm ci", LOCKED, "RUN npm ci\n")
    assert {piece.key[1] for piece in again if piece.key[0] == "npm"} == {"production", "development"}


EXPRESS = json.dumps({"dependencies": {"express": "*"}})


def cache(command: str, texts: dict[str, str]) -> int:
    return sum(piece.size.expected for piece in pieces(command, texts) if piece.key[0] == "npm cache")


def test_lists_of_versions_are_kept_only_where_versions_are_chosen() -> None:
    row = node_package("express")
    assert row is not None
    entry = {"version": row.version, "resolved": "https://example.com/express.tgz"}
    addressed = json.dumps({"packages": {"node_modules/express": entry}})
    assert cache("npm ci", {"package.json": EXPRESS, "package-lock.json": addressed}) == row.archive + 1_100
    del entry["resolved"]
    plain = json.dumps({"packages": {"node_modules/express": entry}})
    assert cache("npm ci", {"package.json": EXPRESS, "package-lock.json": plain}) > row.archive + row.listing
    workspace = {"node_modules/mine": {"resolved": "packages/mine", "link": True}}
    linked = json.dumps({"packages": {"node_modules/express": entry, **workspace}})
    assert cache("npm ci", {"package.json": EXPRESS, "package-lock.json": linked}) > row.archive + row.listing
    assert cache("npm install", {"package.json": EXPRESS}) > 2_000_000


def test_what_is_cached_is_not_fetched_again() -> None:
    once = cache("npm ci", LOCKED)
    assert cache("npm ci && npm ci --omit=dev", LOCKED) == once
    assert [piece.key for piece in pieces("npm ci", LOCKED, "RUN npm ci\n") if piece.key[0] == "npm cache"] == []


def test_yarn_unpacks_its_cache_and_pnpm_links_it() -> None:
    texts = {"package.json": EXPRESS}
    installed = sum(piece.size.expected for piece in pieces("yarn", texts) if piece.key[0] == "npm")
    assert installed < cache("yarn install", texts) < 2 * installed
    lock = "packages:\n  express@4.0.0: {}\nsnapshots:\n  express@4.0.0: {}\nimporters:\n  .:\n    dependencies:\n"
    lock += "      express:\n        version: 4.0.0\n"
    assert 0 < cache("pnpm install", {"package.json": EXPRESS, "pnpm-lock.yaml": lock}) < 100_000


@pytest.mark.parametrize(
    "command",
    [
        "npm install && npm cache clean --force",
        "yarn && yarn cache clean",
        "npm i && rm -rf ~/.npm",
        "yarn && rm -rf /usr/local/share/.cache",
    ],
)
def test_cleaned_caches_hold_nothing(command: str) -> None:
    assert cache(command, {"package.json": EXPRESS}) == 0


@pytest.mark.parametrize("command", ["npm install -g express", "yarn global add express", "npm i --global express@4"])
def test_global_packages(command: str) -> None:
    (found,) = (piece for piece in pieces(command) if piece.key[0] == "npm")
    assert (found.key, found.path) == (("npm", "express"), "/usr/local/lib/node_modules")
    assert found.size == of_manifest(["express"]).size


def test_projects_in_a_folder_below() -> None:
    texts = {f"web/{name}": text for name, text in LOCKED.items()}
    found = pieces("npm --prefix web ci", texts)
    assert {piece.path for piece in found if piece.key[0] == "npm"} == {"/app/web/node_modules"}
    assert (
        pieces("cd web && npm ci", texts)[0].size == found[0].size == of_lock([A, *([NodeWanted("c", "1")] * 3)]).size
    )
