"""Installs of npm: which could leave development packages out, and whether a lockfile fits its manifest."""

import json
from typing import Any

import pytest

from dockopt.analyses.development_packages import leftover
from dockopt.analyses.locked_install import fits
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

TEXT = 'FROM node:20-slim\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY a.js .\nCMD ["node", "a.js"]\n'
MANIFEST: dict[str, Any] = {"dependencies": {"a": "^1.0.0"}, "devDependencies": {"mocha": "^10.0.0"}}
PACKAGES: dict[str, Any] = {
    "": {"dependencies": {"a": "^1.0.0"}, "devDependencies": {"mocha": "^10.0.0"}},
    "node_modules/a": {"version": "1.2.0", "dependencies": {"b": "^1"}, "peerDependencies": {"c": "*"}},
    "node_modules/a/node_modules/b": {"version": "1.0.0", "dependencies": {"c": "*"}},
    "node_modules/c": {"version": "3.0.0"},
    "node_modules/mocha": {"version": "10.1.0", "dev": True},
}


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        (TEXT, {}, ("mocha",)),
        (TEXT.replace("COPY a.js", "RUN npm run lint\nCOPY a.js"), {}, "npm runs behind the install"),
        (TEXT.replace("npm install", "npm install && webpack"), {}, "webpack runs behind the install"),
        (TEXT, {"a.js": "require('mocha')\n"}, "mocha may be used at run time"),
        (TEXT, {"compose.yml": "services:\n  a:\n    command: mocha\n"}, "mocha may be used at run time"),
        (TEXT, {"run.sh": "docker run shop npm test\n"}, "a script of the repository runs something in the image"),
        (TEXT.replace("CMD", "ENV NODE_OPTIONS=-rmocha\nCMD"), {}, "NODE_OPTIONS may be used at run time"),
        (TEXT.replace("node:20", "node:14"), {}, ""),
        (TEXT.replace("npm install", "npm install --omit=dev"), {}, ""),
        (TEXT.replace("npm install", "npm install --include=dev"), {}, ""),
        (TEXT.replace("npm install", "npm install; true"), {}, ""),
    ],
)
def test_left_out_or_reason(text: str, files: dict[str, str], said: object) -> None:
    context = MemoryContext({"package.json": json.dumps(MANIFEST), "a.js": "require('a')\n", **files})
    found = leftover(Dockerfile.parse(text, context))
    assert (found if isinstance(found, str) else found.names) == said


@pytest.mark.parametrize(
    ("manifest", "lock", "expected"),
    [
        ({}, {}, True),
        ({"dependencies": {"a": "^2.0.0"}}, {}, False),
        ({"dependencies": {"a": "^1.0.0", "d": "1"}}, {}, False),
        ({"overrides": {"b": "2"}}, {}, False),
        ({"workspaces": ["x"]}, {}, False),
        ({}, {"lockfileVersion": 1}, False),
        ({}, {"packages": {**PACKAGES, "node_modules/c": None}}, False),
        ({}, {"packages": {key: value for key, value in PACKAGES.items() if key != "node_modules/c"}}, False),
        ({}, {"packages": {**PACKAGES, "node_modules/d": {"link": True, "resolved": "d"}}}, False),
        ({}, {"packages": {**PACKAGES, "node_modules/d": {"optionalDependencies": {"e": "1"}}}}, False),
        (
            {},
            {
                "packages": {
                    **PACKAGES,
                    "node_modules/d": {
                        "peerDependencies": {"e": "1"},
                        "peerDependenciesMeta": {"e": {"optional": True}},
                    },
                }
            },
            True,
        ),
    ],
)
def test_lockfile_fits(manifest: dict[str, Any], lock: dict[str, Any], expected: bool) -> None:
    texts = {
        "package.json": json.dumps({**MANIFEST, **manifest}),
        "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": PACKAGES, **lock}),
    }
    assert fits(MemoryContext(texts), "package.json", "package-lock.json") is expected
