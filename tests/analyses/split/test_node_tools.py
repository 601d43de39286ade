"""npm, Yarn and pnpm in a RUN: what they install, and which scripts they run."""

import pytest

from dockopt.analyses.split.node_tools import Scripts, check_manager, installs, omits_development, scripts
from dockopt.analyses.split.plan import NotSplit
from dockopt.model.dockerfile import Dockerfile
from dockopt.model.instructions import Run


def run(text: str, before: str = "") -> Run:
    return Dockerfile.parse(f"FROM node:20\n{before}\nRUN {text}\n").final.runs[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("npm ci", True),
        ("yarn", True),
        ("yarn --frozen-lockfile --network-timeout 9", True),
        ("pnpm i --frozen-lockfile", True),
        ("npm install -g pnpm", False),
        ("yarn build", False),
        ("pnpm run install", False),
    ],
)
def test_what_installs(text: str, expected: bool) -> None:
    assert installs(run(text).calls[0]) == expected


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("npm ci --omit=dev", "", True),
        ("npm ci --omit dev", "", True),
        ("yarn install --production", "", True),
        ("pnpm install --prod", "", True),
        ("npm ci", "ENV NODE_ENV=production", True),
        ("npm ci && npm prune --production", "", True),
        ("npm ci", "", False),
        ("yarn build", "ENV NODE_ENV=production", False),
    ],
)
def test_installs_without_development(text: str, before: str, expected: bool) -> None:
    assert omits_development(run(text, before)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("npm start", Scripts(("start",))),
        ("npm run build --workspace @a/b", Scripts(("build",), "@a/b")),
        ("npm run build --workspaces", Scripts(("build",), "", everywhere=True)),
        ("npm test -w api", Scripts(("test",), "api")),
        ("yarn serve", Scripts(("serve",))),
        ("yarn workspace api start", Scripts(("start",), "api")),
        ("pnpm --filter api start", Scripts(("start",), "api")),
        ("npm ci", Scripts(())),
        ("yarn install", Scripts(())),
    ],
)
def test_scripts_that_run(words: str, expected: Scripts) -> None:
    name, *arguments = words.split()
    assert scripts(name, tuple(arguments)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "npm ci --prefix client",
        "yarn global add x",
        "npm install -g @nestjs/cli",
        "pnpm deploy /out",
        "npm ci -w api",
        "if true; then npm ci; fi",
        "npm publish",
    ],
)
def test_what_reaches_beyond_the_folder(text: str) -> None:
    body = run(text)
    with pytest.raises(NotSplit):
        check_manager(body.calls[-1], body, workspaces=False)
