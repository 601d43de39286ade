"""Scripts that many projects have or fetch, and what they do.

None of them installs packages of the distribution by lists that an earlier command fetched.
"""

from typing import NamedTuple


class ProjectScript(NamedTuple):
    """A script that a framework puts into each project: the end of its path, and subcommands that only build."""

    path: str
    subcommands: frozenset[str]
    source: str


PROJECT_SCRIPTS = (
    ProjectScript(
        "manage.py",
        frozenset({"collectstatic", "compilemessages"}),
        "Django's documentation, django-admin and manage.py",
    ),
    ProjectScript(
        "bin/console",
        frozenset({"cache:clear", "cache:warmup", "assets:install", "asset-map:compile", "importmap:install"}),
        "Symfony's documentation, console commands of the framework bundle",
    ),
    ProjectScript(
        "vendor/bin/rr", frozenset({"get", "get-binary"}), "RoadRunner's documentation, installation by Composer"
    ),
)

INSTALLERS = (
    "https://sh.rustup.rs",
    "https://static.rust-lang.org/rustup/",
    "https://astral.sh/uv/",
    "https://bun.sh/install",
    "https://bun.com/install",
    "https://get.pnpm.io/install.sh",
    "https://deno.land/install.sh",
    "https://nim-lang.org/choosenim/init.sh",
    "https://raw.githubusercontent.com/nvm-sh/nvm/",
    "https://raw.githubusercontent.com/creationix/nvm/",
    "https://raw.githubusercontent.com/golangci/golangci-lint/",
    "https://aka.ms/getvsdbgsh",
    "https://dot.net/v1/dotnet-install.sh",
)
"""Beginnings of the addresses of scripts that put one tool into a folder, on any distribution (what they do today)."""

CONDA_INSTALLERS = ("Miniconda3-", "Miniforge3-", "Mambaforge-", "Anaconda3-")
"""Beginnings of the names of conda's installers, which unpack into a folder (conda's documentation, installing)."""
