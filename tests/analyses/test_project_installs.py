"""What installs of each ecosystem read, and what keeps them above the sources: one broken precondition a case."""

from collections.abc import Mapping

import pytest

from dockopt.analyses.late_copy import LateCopy, late_copies
from dockopt.context.tree import MemoryContext
from dockopt.model.dockerfile import Dockerfile

FLASK = '[[package]]\nname = "flask"\nversion = "3.0.3"\n'
INDEX = 'source = { registry = "https://pypi.example/simple" }\n'
UV = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
    "uv.lock": FLASK + INDEX + '[[package]]\nname = "shop"\nsource = { editable = "." }\n',
    "app.py": "",
}
VIRTUAL = {**UV, "uv.lock": UV["uv.lock"].replace("editable", "virtual")}
POETRY = {"pyproject.toml": '[tool.poetry]\nname = "shop"\n', "poetry.lock": FLASK, "app.py": ""}
PIPENV = {"Pipfile": "[packages]\n", "Pipfile.lock": '{"default": {"flask": {"version": "==3"}}}', "app.py": ""}
COMPOSER = {
    "composer.json": '{"autoload": {"psr-4": {"A\\\\": "src/"}}}',
    "composer.lock": '{"packages": [{"name": "a/b", "type": "library"}]}',
    "src/a.php": "",
}
DOTNET = {
    "a/a.csproj": '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><ProjectReference Include="..\\b\\b.csproj"/>'
    "</ItemGroup></Project>",
    "b/b.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
    "a/Program.cs": "",
}
LOCK = '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/m": {"resolved": "packages/m", "link": true}}}'
NPM = {
    "package.json": '{"workspaces": ["packages/*"]}',
    "package-lock.json": LOCK,
    "packages/m/package.json": '{"name": "m"}',
    "packages/m/index.js": "",
}
PNPM = {
    "package.json": "{}",
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    "pnpm-workspace.yaml": "packages:\n  - packages/*\nonlyBuiltDependencies: [esbuild]\n",
    "packages/m/package.json": '{"dependencies": {"n": "workspace:*"}}',
    "packages/n/package.json": "{}",
    "index.js": "",
}
BERRY = {
    "package.json": '{"packageManager": "yarn@4.1.0"}',
    "yarn.lock": '__metadata:\n  version: 8\n\n"a@npm:^1":\n  version: 1.0.0\n',
    ".yarnrc.yml": "nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-4.1.0.cjs\n",
    ".yarn/releases/yarn-4.1.0.cjs": "",
    "index.js": "",
}
BUN = {"package.json": '{"dependencies": {"a": "1"}}', "bun.lockb": "", "index.ts": ""}
GO = {"go.mod": "module m\nrequire a.b/c v1.0.0\n", "go.sum": "a.b/c v1.0.0/go.mod h1:=\n", "main.go": ""}


def late(run: str, context: Mapping[str, str], *, apart: bool = False) -> LateCopy | None:
    file = Dockerfile.parse(f"FROM x\nWORKDIR /app\nCOPY . .\n{run}\n", MemoryContext(context))
    return next(late_copies(file, file.stages[0], apart=apart), None)


def reads(run: str, context: Mapping[str, str], *, apart: bool = False) -> set[str]:
    """The manifests to be copied first, none where the COPY has to stay."""
    found = late(run, context, apart=apart)
    return set() if found is None or found.reason else {source for one in found.manifests for source in one.sources}


def reason(run: str, context: Mapping[str, str]) -> str:
    found = late(run, context)
    return found.reason if found else ""


@pytest.mark.parametrize(
    ("run", "context", "expected"),
    [
        ("RUN uv sync --frozen --no-dev", VIRTUAL, {"pyproject.toml", "uv.lock"}),
        ("RUN uv sync --locked --no-install-project", UV, {"pyproject.toml", "uv.lock"}),
        (
            "RUN uv sync --frozen",
            {**VIRTUAL, ".python-version": "3.12\n", "uv.toml": ""},
            {"pyproject.toml", "uv.lock", ".python-version", "uv.toml"},
        ),
        (
            "RUN uv pip install --system -r requirements.txt",
            {"requirements.txt": "a\n", "a.py": ""},
            {"requirements.txt"},
        ),
        ("RUN poetry install --no-root --only main", POETRY, {"pyproject.toml", "poetry.lock"}),
        ("RUN pip install poetry && poetry install --no-root", POETRY, {"pyproject.toml", "poetry.lock"}),
        (
            "RUN poetry install",
            {**POETRY, "pyproject.toml": "[tool.poetry]\npackage-mode = false\n"},
            {"pyproject.toml", "poetry.lock"},
        ),
        (
            "RUN poetry export -f requirements.txt --output all.txt\nRUN pip install -r all.txt",
            POETRY,
            {"pyproject.toml", "poetry.lock"},
        ),
        ("RUN pipenv install --system --deploy", PIPENV, {"Pipfile", "Pipfile.lock"}),
        ("RUN pipenv sync", PIPENV, {"Pipfile", "Pipfile.lock"}),
        ("RUN composer install --no-dev", COMPOSER, {"composer.json", "composer.lock"}),
        ("RUN dotnet restore a", DOTNET, {"a/a.csproj", "b/b.csproj"}),
        ("RUN npm ci", NPM, {"package.json", "package-lock.json", "packages/m/package.json"}),
        ("RUN pnpm install --frozen-lockfile", PNPM, set(PNPM) - {"index.js"}),
        ("RUN corepack enable && yarn install --immutable", BERRY, set(BERRY) - {"index.js"}),
        ("RUN bun install --frozen-lockfile --production", BUN, {"package.json", "bun.lockb"}),
    ],
)
def test_installs_of_what_is_listed(run: str, context: Mapping[str, str], expected: set[str]) -> None:
    assert reads(run, context) == expected


@pytest.mark.parametrize(
    ("run", "context", "expected"),
    [
        ("RUN uv sync --frozen", UV, "uv sync --no-install-project"),
        ("RUN poetry install --only main", POETRY, "poetry install --no-root"),
        ("RUN composer install -o", COMPOSER, "composer install --no-scripts --no-autoloader"),
        ("RUN composer install --no-scripts -a", COMPOSER, "composer install --no-autoloader"),
        ("RUN go mod download && go build .", GO, "go mod download"),
        ("RUN GOOS=linux go install ./...", GO, "go mod download"),
        ("RUN go vet ./... && go test ./...", GO, "go mod download"),
        (
            "RUN dotnet publish -c Release -r linux-x64 -o /out a/a.csproj",
            DOTNET,
            "dotnet restore a/a.csproj -r linux-x64",
        ),
        ("RUN dotnet build a", DOTNET, "dotnet restore a"),
    ],
)
def test_installs_that_are_taken_apart(run: str, context: Mapping[str, str], expected: str) -> None:
    found = late(run, context, apart=True)
    assert found is not None
    assert found.step is not None
    assert found.step.command == expected
    assert reads(run, context) == set()


@pytest.mark.parametrize(
    ("run", "context"),
    [
        pytest.param("RUN uv sync", VIRTUAL, id="uv may write the lockfile"),
        pytest.param("RUN uv sync --frozen --package a", VIRTUAL, id="a member of a workspace"),
        pytest.param("RUN uv sync --frozen", {**VIRTUAL, "uv.lock": "no TOML"}, id="uv.lock is no TOML"),
        pytest.param("ENV UV_CONFIG_FILE=x.toml\nRUN uv sync --frozen", VIRTUAL, id="a variable of uv"),
        pytest.param("RUN uv sync --frozen", {**VIRTUAL, ".venv/pyvenv.cfg": ""}, id="an environment in the context"),
        pytest.param(
            "RUN uv sync --locked",
            {**VIRTUAL, "pyproject.toml": '[project]\nname = "a"\ndynamic = ["dependencies"]\n'},
            id="metadata made by a build",
        ),
        pytest.param(
            "RUN uv pip install -r requirements.txt",
            {"requirements.txt": "a\n", "pyproject.toml": "", "a.py": ""},
            id="settings for uv pip",
        ),
        pytest.param("RUN uv pip install -r requirements.txt -e .", {"requirements.txt": "a\n", "a.py": ""}, id="-e"),
        pytest.param("RUN poetry install", POETRY, id="poetry installs the project"),
        pytest.param("RUN poetry install --no-root", {"pyproject.toml": "", "app.py": ""}, id="no poetry.lock"),
        pytest.param(
            "RUN poetry install --no-root",
            {**POETRY, "poetry.lock": FLASK + '[package.source]\ntype = "directory"\nurl = "lib"\n'},
            id="a package from a folder",
        ),
        pytest.param(
            "RUN poetry export -o all.txt\nRUN pip install -r all.txt",
            {**POETRY, "all.txt": ""},
            id="the export is copied",
        ),
        pytest.param("RUN poetry export > all.txt\nRUN pip install -r all.txt", POETRY, id="a redirected export"),
        pytest.param("ENV POETRY_CONFIG_DIR=/app\nRUN poetry install --no-root", POETRY, id="a variable of poetry"),
        pytest.param("RUN pipenv install", PIPENV, id="pipenv may write the lockfile"),
        pytest.param("RUN pipenv install --deploy flask", PIPENV, id="pipenv adds a package"),
        pytest.param(
            "RUN pipenv sync",
            {**PIPENV, "Pipfile.lock": '{"default": {"a": {"path": "."}}}'},
            id="pipenv installs a folder",
        ),
        pytest.param(
            "RUN composer install",
            {**COMPOSER, "composer.json": '{"scripts": {"post-install-cmd": "x"}}'},
            id="scripts",
        ),
        pytest.param("RUN composer install -o", COMPOSER, id="the autoloader lists classes"),
        pytest.param(
            "RUN composer install",
            {**COMPOSER, "composer.json": '{"autoload": {"files": ["src/a.php"]}}'},
            id="the autoloader lists files",
        ),
        pytest.param(
            "RUN composer install",
            {**COMPOSER, "composer.json": '{"repositories": [{"type": "path", "url": "lib"}]}'},
            id="a repository in a folder",
        ),
        pytest.param(
            "RUN composer install",
            {**COMPOSER, "composer.lock": '{"packages": [{"name": "symfony/flex", "type": "composer-plugin"}]}'},
            id="recipes that nobody has unpacked",
        ),
        pytest.param("RUN composer install", {**COMPOSER, "vendor/a/b.php": ""}, id="vendor is in the context"),
        pytest.param("RUN dotnet restore", DOTNET, id="no project in the folder"),
        pytest.param("RUN dotnet restore a", {**DOTNET, "a/obj/project.assets.json": ""}, id="obj is in the context"),
        pytest.param(
            "RUN dotnet restore b",
            {"b/b.csproj": '<Project><Import Project="$(Common)"/></Project>', "b/a.cs": ""},
            id="an import that a variable names",
        ),
        pytest.param(
            "RUN dotnet restore b",
            {"b/b.csproj": '<Project Sdk="Other"></Project>', "b/a.cs": ""},
            id="an SDK that is not known",
        ),
        pytest.param(
            "RUN dotnet restore b",
            {
                **DOTNET,
                "nuget.config": '<c><packageSources><add key="l" value="./p"/></packageSources></c>',
            },
            id="packages from a folder",
        ),
        pytest.param("RUN npm ci", {**NPM, "packages/m/package.json": '{"scripts": {"prepare": "x"}}'}, id="a script"),
        pytest.param("RUN npm ci", {**NPM, "packages/m/package.json": '{"bin": "index.js"}'}, id="a program"),
        pytest.param(
            "RUN npm ci", {**NPM, "packages/m/package.json": '{"dependencies": {"a": "file:../x"}}'}, id="a folder"
        ),
        pytest.param("RUN npm ci", {**NPM, "packages/m/node_modules/a/b.js": ""}, id="packages of a member are there"),
        pytest.param("RUN npm ci -w packages/m", NPM, id="one member only"),
        pytest.param(
            "RUN npm ci", {**NPM, **{f"packages/m{n}/package.json": "{}" for n in range(30)}}, id="very many members"
        ),
        pytest.param(
            "RUN pnpm i", {**PNPM, "pnpm-workspace.yaml": "patchedDependencies: {a: patches/a.patch}\n"}, id="patches"
        ),
        pytest.param("RUN pnpm i --filter m", PNPM, id="a filter"),
        pytest.param("RUN yarn", {**BERRY, ".yarn/cache/a.zip": ""}, id="zero-install"),
        pytest.param("RUN yarn", {**BERRY, ".yarnrc.yml": "plugins: [{path: a.cjs, spec: x}]\n"}, id="a plugin"),
        pytest.param(
            "RUN yarn", {**BERRY, ".yarnrc.yml": "cacheFolder: ./cache\n"}, id="a setting that names a folder"
        ),
        pytest.param("RUN yarn", {**BERRY, "yarn.lock": '__metadata:\n"a@portal:./a":\n'}, id="a portal"),
        pytest.param(
            "RUN yarn", {**BERRY, "yarn.lock": '__metadata:\n"a@patch:a@npm:1#./p.patch":\n'}, id="a patched package"
        ),
        pytest.param("RUN yarn", {**BERRY, "yarn.lock": "# yarn lockfile v1\n"}, id="the lockfile of another version"),
        pytest.param(
            "RUN bun install", {**BUN, "package.json": '{"scripts": {"postinstall": "x"}}'}, id="bun: a script"
        ),
        pytest.param("RUN cargo fetch", {"Cargo.toml": "", "Cargo.lock": "", "src/main.rs": ""}, id="cargo"),
        pytest.param("RUN ./mvnw package", {"pom.xml": "", "src/A.java": ""}, id="maven"),
        pytest.param("RUN gradle build", {"build.gradle": "", "src/A.java": ""}, id="gradle"),
        pytest.param("RUN pip install .", {"pyproject.toml": "", "a.py": ""}, id="pip installs the project"),
    ],
)
def test_what_keeps_the_sources_above(run: str, context: Mapping[str, str]) -> None:
    assert reads(run, context) == set()
    assert reason(run, context) or late(run, context, apart=True)


@pytest.mark.parametrize(
    ("run", "context"),
    [
        ("RUN uv add flask", VIRTUAL),
        ("RUN poetry build", POETRY),
        ("RUN composer update", COMPOSER),
        ("RUN bun add a", BUN),
    ],
)
def test_what_is_no_install_of_a_list(run: str, context: Mapping[str, str]) -> None:
    assert late(run, context) is None
    assert late(f"{run}\nRUN pip install -r requirements.txt", {**context, "requirements.txt": "a\n"}) is not None


@pytest.mark.parametrize(
    ("run", "context"),
    [
        pytest.param("RUN uv sync --frozen", {**UV, "uv.lock": FLASK + 'source = { path = "a.whl" }\n'}, id="a wheel"),
        pytest.param(
            "RUN uv sync --frozen", {**UV, "uv.lock": '[manifest]\nmembers = ["a"]\n' + UV["uv.lock"]}, id="members"
        ),
        pytest.param("RUN pip install uv==0.3.1\nRUN uv sync --frozen", UV, id="a uv without the option"),
        pytest.param("RUN uv sync --frozen || true", UV, id="its failure does not matter"),
        pytest.param("RUN if true; then uv sync --frozen; fi", UV, id="a condition"),
        pytest.param("RUN <<EOF\nuv sync --frozen\nEOF", UV, id="a here-document"),
        pytest.param("RUN export A=1 && poetry install", POETRY, id="what follows needs the shell's state"),
        pytest.param("RUN ./prepare && poetry install", {**POETRY, "prepare": ""}, id="a program of the sources first"),
        pytest.param("RUN poetry install && rm -rf /usr/lib/gcc", POETRY, id="something else is removed"),
        pytest.param(
            "RUN composer install", {**COMPOSER, "composer.json": '{"scripts": {"post-package-install": "x"}}'}
        ),
        pytest.param("RUN go build -mod=vendor .", GO, id="go looks elsewhere"),
        pytest.param("ENV GOPROXY=off\nRUN go build .", GO, id="go downloads nothing"),
        pytest.param("RUN go build .", {**GO, "go.mod": "module m\n"}, id="no modules"),
        pytest.param("RUN go mod download\nRUN go build .", GO, id="a step of its own is there"),
        pytest.param("RUN dotnet publish --no-restore a", DOTNET, id="nothing is restored"),
        pytest.param("RUN dotnet publish -a $ARCH a", DOTNET, id="a variable names the runtime"),
    ],
)
def test_what_is_not_taken_apart(run: str, context: Mapping[str, str]) -> None:
    found = late(run, context, apart=True)
    assert found is None
