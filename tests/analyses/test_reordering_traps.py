"""The known traps of copying manifests first, each by name: what is read besides them, or why the sources stay."""

import json
from collections.abc import Mapping

import pytest

from dockopt.analyses.late_copy import late_copies
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

PIP = {"requirements.txt": "flask\n", "app.py": ""}
NPM = {
    "package.json": '{"dependencies": {"a": "1"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}}',
    "index.js": "",
}
YARN = {"package.json": NPM["package.json"], "yarn.lock": 'a@1:\n  version "1.0.0"\n', "index.js": ""}
BERRY = {
    "package.json": '{"packageManager": "yarn@4.1.0", "dependencies": {"a": "1"}}',
    ".yarnrc.yml": "nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-4.1.0.cjs\n",
    ".yarn/releases/yarn-4.1.0.cjs": "",
    "yarn.lock": '__metadata:\n  version: 8\n\n"a@npm:1":\n  version: 1.0.0\n',
    "index.js": "",
}
PNPM = {"package.json": NPM["package.json"], "pnpm-lock.yaml": "lockfileVersion: '9.0'\n", "index.js": ""}
GO = {"go.mod": "module m\nrequire a.b/c v1.0.0\n", "go.sum": "a.b/c v1.0.0/go.mod h1:=\n", "main.go": ""}
RUBY = {"Gemfile": "gem 'rack'\n", "Gemfile.lock": "PLATFORMS\n  ruby\n", "app.rb": ""}
PHP = {
    "composer.json": '{"require": {"a/b": "1"}}',
    "composer.lock": '{"packages": [], "packages-dev": []}',
    "a.php": "",
}
NET = {"a/a.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>', "a/A.cs": ""}
CARGO = {"Cargo.toml": '[package]\nname = "a"\n', "Cargo.lock": "", "src/main.rs": ""}
STAYS = ()


def reads(body: str, context: Mapping[str, str], *, apart: bool = False) -> tuple[str, ...]:
    """The files that go ahead of the sources; none where these stay."""
    file = Dockerfile.parse(f"FROM x\nWORKDIR /app\n{body}\n", MemoryContext(context))
    found = next((one for one in late_copies(file, file.final, apart=apart) if not one.reason), None)
    return () if found is None else tuple(source for one in found.manifests for source in one.sources)


def script(name: str) -> dict[str, str]:
    return {**NPM, "package.json": json.dumps({"scripts": {name: "node index.js"}, "dependencies": {"a": "1"}})}


INSTALLS = {
    **{f"npm: a {name} script": ("npm ci", script(name), STAYS) for name in ("preinstall", "install", "postinstall")},
    "npm: a prepare script": ("npm ci", script("prepare"), STAYS),
    "npm: a member of a workspace with a script": (
        "npm ci",
        {
            **NPM,
            "package.json": '{"workspaces": ["p"]}',
            "p/package.json": '{"scripts": {"install": "x"}}',
            "p/i.js": "",
        },
        STAYS,
    ),
    "npm: a dependency in a folder": (
        "npm ci",
        {**NPM, "package.json": '{"dependencies": {"a": "file:lib"}}', "lib/package.json": "{}"},
        STAYS,
    ),
    "npm: a linked dependency": ("npm ci", {**NPM, "package.json": '{"dependencies": {"a": "link:lib"}}'}, STAYS),
    "npm: its settings": (
        "npm ci",
        {**NPM, ".npmrc": "save-exact=true\n"},
        ("package.json", "package-lock.json", ".npmrc"),
    ),
    "npm: settings that name a file": ("npm ci", {**NPM, ".npmrc": "cafile=./ca.pem\n"}, STAYS),
    "npm: patch-package": ("npm ci", {**script("postinstall"), "patches/a+1.patch": ""}, STAYS),
    "pnpm: patched dependencies": (
        "pnpm i --frozen-lockfile",
        {**PNPM, "package.json": '{"pnpm": {"patchedDependencies": {"a": "patches/a.patch"}}}'},
        STAYS,
    ),
    "yarn: a release in the repository": (
        "yarn install --immutable",
        BERRY,
        ("package.json", "yarn.lock", ".yarnrc.yml", ".yarn/releases/yarn-4.1.0.cjs"),
    ),
    "yarn: a plugin": ("yarn", {**BERRY, ".yarnrc.yml": "plugins:\n  - path: .yarn/plugins/a.cjs\n"}, STAYS),
    "yarn: an offline mirror": ("yarn", {**YARN, ".yarnrc": 'yarn-offline-mirror "./mirror"\n'}, STAYS),
    "go: a folder that replaces a module": (
        "go mod download",
        {**GO, "go.mod": GO["go.mod"] + "replace a.b/c => ./c\n", "c/go.mod": "module a.b/c\n", "c/c.go": ""},
        ("go.mod", "go.sum", "c/go.mod"),
    ),
    "go: a folder outside the context": (
        "go mod download",
        {**GO, "go.mod": GO["go.mod"] + "replace a.b/c => ../c\n"},
        STAYS,
    ),
    "go: a workspace": (
        "go mod download",
        {"go.work": "go 1.22\nuse ./a\n", **{f"a/{name}": text for name, text in GO.items()}},
        ("go.work", "a/go.mod", "a/go.sum"),
    ),
    "go: vendored modules": ("go mod download", {**GO, "vendor/modules.txt": ""}, STAYS),
    "pip: the project itself, to be edited": ("pip install -e .", {**PIP, "setup.py": ""}, STAYS),
    "pip: the project itself": ("pip install .", {**PIP, "pyproject.toml": "[project]\nreadme = 'README.md'\n"}, STAYS),
    "pip: requirements that install the project": (
        "pip install -r requirements.txt",
        {**PIP, "requirements.txt": "-e .\n", "setup.py": "open('README.md')"},
        STAYS,
    ),
    "pip: requirements that include others": (
        "pip install -r requirements.txt",
        {**PIP, "requirements.txt": "-r base.txt\n-c limits.txt\n", "base.txt": "a\n", "limits.txt": "a<2\n"},
        ("requirements.txt", "base.txt", "limits.txt"),
    ),
    "pip: a wheel in the repository": (
        "pip install -r requirements.txt",
        {**PIP, "requirements.txt": "./wheels/a-1-py3-none-any.whl\n", "wheels/a-1-py3-none-any.whl": ""},
        STAYS,
    ),
    "conda: the project itself in the section for pip": (
        "conda env create -f env.yml",
        {"env.yml": "dependencies:\n  - pip:\n    - -e .\n", "setup.py": ""},
        STAYS,
    ),
    "maven: several modules": (
        "mvn package",
        {"pom.xml": "<project><modules><module>a</module></modules></project>", "a/pom.xml": "", "a/src/A.java": ""},
        STAYS,
    ),
    "maven: settings in the repository": ("mvn -s settings.xml package", {"pom.xml": "", "settings.xml": ""}, STAYS),
    "gradle: buildSrc and a version catalog": (
        "gradle build",
        {"build.gradle": "", "settings.gradle": "", "buildSrc/A.groovy": "", "gradle/libs.versions.toml": ""},
        STAYS,
    ),
    "cargo: a build script": ("cargo build", {**CARGO, "build.rs": ""}, STAYS),
    "cargo: a workspace with path dependencies": (
        "cargo fetch",
        {**CARGO, "Cargo.toml": '[workspace]\nmembers = ["a"]\n', "a/Cargo.toml": ""},
        STAYS,
    ),
    "bundler: a gem in a folder": ("bundle install", {**RUBY, "Gemfile": "gem 'a', path: 'a'\n"}, STAYS),
    "bundler: a gemspec": ("bundle install", {**RUBY, "Gemfile": "gemspec\n", "a.gemspec": "File.read('v')"}, STAYS),
    "bundler: the version of Ruby in a file": (
        "bundle install",
        {**RUBY, "Gemfile": "ruby file: '.ruby-version'\n", ".ruby-version": "3.3.0\n"},
        STAYS,
    ),
    "composer: a repository in a folder": (
        "composer install --no-autoloader --no-scripts",
        {**PHP, "composer.json": '{"repositories": [{"type": "path", "url": "lib"}]}', "lib/composer.json": "{}"},
        STAYS,
    ),
    "composer: scripts": (
        "composer install",
        {**PHP, "composer.json": '{"scripts": {"post-install-cmd": "php a.php"}}'},
        STAYS,
    ),
    "dotnet: settings of the folders above": (
        "dotnet restore a/a.csproj",
        {**NET, "Directory.Build.props": "<Project></Project>", "Directory.Packages.props": "<Project></Project>"},
        ("a/a.csproj", "Directory.Build.props", "Directory.Packages.props"),
    ),
    "mix: a version in a file": (
        "mix deps.get",
        {"mix.exs": 'def project, do: [version: File.read!("VERSION")]\n', "mix.lock": "%{}\n", "VERSION": "1\n"},
        STAYS,
    ),
    "nothing but the context counts, whatever git knows": (
        "pip install -r built/requirements.txt",
        {**PIP, ".gitignore": "built/\n", "built/requirements.txt": "flask\n"},
        ("built/requirements.txt",),
    ),
    ".dockerignore decides what is copied": (
        "pip install -r requirements.txt",
        {**PIP, ".dockerignore": "requirements.txt\n"},
        STAYS,
    ),
}
COPIES = {
    "a pattern": ("COPY *.* ./", ("requirements.txt",)),
    "a variable": ("ARG D=.\nCOPY $D ./", STAYS),
    "--parents": ("COPY --parents . ./", STAYS),
    "--exclude": ("COPY --exclude=x . ./", STAYS),
    "a here-document": ("COPY <<E /app/requirements.txt\nflask\nE", STAYS),
    "a folder, of which the contents are copied": ("COPY d ./", ("d/requirements.txt",)),
    "a folder that is copied as one": ("COPY d ./e/", STAYS),
    "a destination without a slash": ("COPY . /app", ("requirements.txt",)),
    "a later COPY that overwrites a file": ("COPY . .\nCOPY d/app.py app.py", STAYS),
    "another owner": ("COPY --chown=1000 . .", ("requirements.txt",)),
    "another user": ("COPY . .\nUSER 1000", STAYS),
    "a volume": ("VOLUME /app\nCOPY . .", STAYS),
    "an archive that ADD unpacks": ("ADD d.tar requirements.txt app.py ./", STAYS),
}


@pytest.mark.parametrize("trap", INSTALLS)
def test_installs(trap: str) -> None:
    command, context, expected = INSTALLS[trap]
    assert reads(f"COPY . .\nRUN {command}", context) == expected


@pytest.mark.parametrize("trap", COPIES)
def test_copies(trap: str) -> None:
    copy, expected = COPIES[trap]
    context = {**PIP, "d/requirements.txt": "flask\n", "d/app.py": "", "d.tar": ""}
    assert reads(f"{copy}\nRUN pip install -r requirements.txt", context) == expected


def test_no_context() -> None:
    file = Dockerfile.parse("FROM x\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n")
    assert [one.reason for one in late_copies(file, file.final)] == ["the build context is not known"]


def test_cgo_sources_and_build_stamps_are_read_by_the_build_alone() -> None:
    context = {**GO, "c.c": ""}
    assert reads("COPY . .\nRUN go build -ldflags '-X main.v=1' .", context) == STAYS
    assert reads("COPY . .\nRUN go build -ldflags '-X main.v=1' .", context, apart=True) == ("go.mod", "go.sum")
