"""When `pnpm fetch` can go ahead of an install of pnpm that needs the sources."""

import pytest

from dockopt.analyses.late_copy import late_copies
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

LOCK = "lockfileVersion: '9.0'\n\npackages:\n\n  is-even@1.0.0:\n    resolution: {integrity: sha512-x}\n"
CONTEXT = {
    "package.json": '{"private": true, "scripts": {"prepare": "node x"}}',
    "pnpm-lock.yaml": LOCK,
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
    ".npmrc": "save-prefix=''\n",
    "packages/a/package.json": '{"bin": "cli.js", "scripts": {"prepare": "node x"}}',
    "packages/a/cli.js": "",
}


def found(run: str, context: dict[str, str] = CONTEXT, above: str = "") -> tuple[str, tuple[str, ...], str]:
    """The RUN ahead, the files copied for it, and why there is none."""
    file = Dockerfile.parse(f"FROM node:22\nWORKDIR /app\nCOPY . .\n{above}RUN {run}\n", MemoryContext(context))
    for one in late_copies(file, file.final, apart=True):
        assert one.step is not None
        return one.step.ahead, tuple(source for each in one.manifests for source in each.sources), ""
    return "", (), next((one.reason for one in late_copies(file, file.final)), "")


@pytest.mark.parametrize(
    ("run", "ahead"),
    [
        ("pnpm install", "RUN pnpm fetch"),
        ("pnpm i -P --frozen-lockfile", "RUN pnpm fetch --prod"),
        ("npm i -g pnpm && pnpm install -r --prefer-offline", "RUN npm i -g pnpm && pnpm fetch"),
    ],
)
def test_the_lockfile_is_fetched_ahead(run: str, ahead: str) -> None:
    assert found(run) == (ahead, ("package.json", "pnpm-lock.yaml", ".npmrc", "pnpm-workspace.yaml"), "")


OTHER = "package.json runs prepare on install"


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ("pnpm install --shamefully-hoist", "packages/a/package.json runs prepare on install"),
        ("pnpm install --dev", "packages/a/package.json runs prepare on install"),
        ("--mount=type=cache,target=/pnpm pnpm install", ""),
        ("pnpm install a", "pnpm install a changes package.json"),
        ("pnpm -C packages/a install", OTHER),
    ],
)
def test_installs_that_fetch_does_not_stand_for(run: str, reason: str) -> None:
    assert found(run) == ("", (), reason)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "pnpm-lock.yaml",
            LOCK.replace("9.0", "5.4"),
            "no lockfile of pnpm 8 or later is copied beside package.json",
        ),
        (
            "pnpm-lock.yaml",
            f"{LOCK}patchedDependencies:\n  is-even: p\n",
            "pnpm fetch may read more than the lockfile (patchedDependencies)",
        ),
        (
            "pnpm-lock.yaml",
            LOCK + "  a@file:lib:\n    resolution: {directory: lib, type: directory}\n",
            "the lockfile takes packages from the build context",
        ),
        (".npmrc", "cafile=./ca.pem\n", "/app/.npmrc may name a copied file: cafile"),
        (
            "pnpm-workspace.yaml",
            "configDependencies: {a: b}\n",
            "pnpm-workspace.yaml may name a copied file: configDependencies",
        ),
        (".pnpmfile.cjs", "", "/app/.pnpmfile.cjs belongs to another version or to a workspace"),
        ("node_modules/a/i.js", "", "/app/node_modules is in the build context, too: keep it out with .dockerignore"),
    ],
)
def test_files_that_fetch_would_miss(name: str, text: str, reason: str) -> None:
    assert found("pnpm install", {**CONTEXT, name: text}) == ("", (), reason)


def test_a_package_whose_script_reads_the_sources() -> None:
    lock = LOCK + "\n  '@prisma/client@5.0.0':\n    resolution: {integrity: sha512-x}\n"
    context = {**CONTEXT, "pnpm-lock.yaml": lock, "prisma/schema.prisma": ""}
    assert found("pnpm install", context)[2] == "@prisma/client looks at the sources when it is installed"


def test_a_variable_that_leaves_packages_out() -> None:
    reason = "pnpm fetch may read more than the lockfile (NODE_ENV)"
    assert found("pnpm install", above="ENV NODE_ENV=production\n") == ("", (), reason)
