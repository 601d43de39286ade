"""npm packages whose own install scripts look at the project they are installed into.

An install before the sources are there would give such a package something else to work with. Packages whose scripts
only fetch or compile their own binary are left out.
"""

from typing import NamedTuple


class ProjectReader(NamedTuple):
    """`reads` are pieces of the paths of files its script looks for in the project; `source` documents the script."""

    reads: tuple[str, ...]
    source: str


GIT_HOOKS = ("/.git/",)

PROJECT_READERS = {
    "@prisma/client": ProjectReader((".prisma",), "Prisma docs, Generating Prisma Client: postinstall runs generate"),
    "husky": ProjectReader(GIT_HOOKS, "husky 4 readme: hooks are put in place on install"),
    "ghooks": ProjectReader(GIT_HOOKS, "ghooks readme"),
    "pre-commit": ProjectReader(GIT_HOOKS, "pre-commit (npm) readme"),
    "pre-push": ProjectReader(GIT_HOOKS, "pre-push (npm) readme"),
    "yorkie": ProjectReader(GIT_HOOKS, "yorkie readme"),
    "simple-git-hooks": ProjectReader((*GIT_HOOKS, "simple-git-hooks"), "simple-git-hooks readme: postinstall"),
    "lefthook": ProjectReader((*GIT_HOOKS, "lefthook"), "lefthook docs, Installation with npm"),
    "@evilmartians/lefthook": ProjectReader((*GIT_HOOKS, "lefthook"), "lefthook docs, Installation with npm"),
    "msw": ProjectReader(
        ("mockServiceWorker",), "msw docs, Managing the worker: postinstall updates the worker script"
    ),
    "nx": ProjectReader(("/nx.json",), "nx package.json: postinstall reads the workspace"),
    "puppeteer": ProjectReader(("puppeteerrc", "puppeteer.config"), "Puppeteer docs, Configuration"),
}
