r"""Install the dependencies in a step of their own, before the sources are copied.

`uv sync`, `poetry install` and `composer install` install the dependencies and then the project itself, `pnpm install`
runs scripts of the members of a workspace, and `go build` downloads the modules it needs; with the sources above it,
every edit of one fetches everything again.  A step ahead that only fetches what the lockfile lists needs the manifests
alone.  The install itself stays as it is, behind the sources, and finds that most of its work is done.

`npm ci && npm run build` in one `RUN` is cut: what reads only manifests goes ahead, and the rest stays behind the
sources.  That takes a plain list joined by `&&` whose first part leaves nothing in the shell for the second, and what
empties caches is done in both.

Needs the build context.  The step is right where everything the lockfile lists comes from an index or a repository:
no workspace, no package from a folder, no plugin that writes elsewhere, and a lockfile beside the manifest.  Commands
that stand before the install in its RUN move to the step ahead, unless they change the shell for what follows.

Where the file already has such a step (`--no-install-project`, `--no-root`, `go mod download`), where Go's caches are
mounted, or where modules are vendored, there is nothing to do.
"""

from collections.abc import Iterator

from dockopt import api

UV = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["flask"]\n',
    "uv.lock": (
        'version = 1\n\n[[package]]\nname = "flask"\nversion = "3.0.3"\n'
        'source = { registry = "https://pypi.example/simple" }\n\n'
        '[[package]]\nname = "shop"\nversion = "1.0"\nsource = { editable = "." }\n'
    ),
    "src/shop/__init__.py": "",
}
POETRY = {
    "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1.0"\n\n[tool.poetry.dependencies]\nflask = "^3.0"\n',
    "poetry.lock": '[[package]]\nname = "flask"\nversion = "3.0.3"\n',
    "shop/__init__.py": "",
}
PACKAGE = {
    "package.json": '{"dependencies": {"express": "^4.19.2"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.19.2"}}}}',
    "server.js": "",
}
GO = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\n",
    "go.sum": "github.com/google/uuid v1.6.0 h1:x=\ngithub.com/google/uuid v1.6.0/go.mod h1:y=\n",
    "main.go": "",
}
COMPOSER = {
    "composer.json": '{"require": {"monolog/monolog": "^3.0"}, "autoload": {"classmap": ["src/"]}}',
    "composer.lock": '{"packages": [{"name": "monolog/monolog", "type": "library"}], "packages-dev": []}',
    "src/shop.php": "",
}

EXAMPLES = (
    api.changes(
        """
        FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
        WORKDIR /app
        COPY . .
        RUN uv sync --frozen --no-dev
        CMD ["uv", "run", "shop"]
        """,
        """
        FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
        WORKDIR /app
        COPY pyproject.toml uv.lock ./
        RUN uv sync --frozen --no-dev --no-install-project
        COPY . .
        RUN uv sync --frozen --no-dev
        CMD ["uv", "run", "shop"]
        """,
        context=UV,
    ),
    api.changes(
        """
        FROM python:3.12
        WORKDIR /app

        # the application
        COPY . .

        # its environment
        RUN pip install poetry && poetry config virtualenvs.create false \\
            && poetry install --only main && rm -rf /root/.cache
        CMD ["python", "-m", "shop"]
        """,
        """
        FROM python:3.12
        WORKDIR /app

        COPY pyproject.toml poetry.lock ./

        # its environment
        RUN pip install poetry && poetry config virtualenvs.create false \\
            && poetry install --only main --no-root && rm -rf /root/.cache

        # the application
        COPY . .

        RUN poetry install --only main && rm -rf /root/.cache
        CMD ["python", "-m", "shop"]
        """,
        context=POETRY,
    ),
    api.changes(
        """
        FROM golang:1.22 AS build
        COPY . /src
        WORKDIR /src
        RUN CGO_ENABLED=0 go build -o /shop . && strip /shop
        FROM scratch
        COPY --from=build /shop /shop
        """,
        """
        FROM golang:1.22 AS build
        COPY go.mod go.sum /src/
        WORKDIR /src
        RUN go mod download
        COPY . /src
        RUN CGO_ENABLED=0 go build -o /shop . && strip /shop
        FROM scratch
        COPY --from=build /shop /shop
        """,
        context=GO,
    ),
    api.changes(
        """
        FROM composer:2
        WORKDIR /app
        COPY --chown=www-data . .
        RUN --mount=type=cache,target=/tmp/cache \\
            composer install --no-dev -o
        """,
        """
        FROM composer:2
        WORKDIR /app
        COPY --chown=www-data composer.json composer.lock ./
        RUN --mount=type=cache,target=/tmp/cache \\
            composer install --no-dev -o --no-scripts --no-autoloader
        COPY --chown=www-data . .
        RUN --mount=type=cache,target=/tmp/cache \\
            composer install --no-dev -o
        """,
        context=COMPOSER,
    ),
    api.changes(
        """
        FROM node:22
        WORKDIR /srv
        COPY . .
        RUN cd /srv && npm ci \\
            # the pages
            && npm run build \\
            && npm cache clean --force
        """,
        """
        FROM node:22
        WORKDIR /srv
        COPY package.json package-lock.json ./
        RUN cd /srv && npm ci && npm cache clean --force
        COPY . .
        # the pages
        RUN cd /srv && npm run build \\
            && npm cache clean --force
        """,
        context=PACKAGE,
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        COPY . .
        RUN npm ci && npm run build && npm prune --omit=dev
        """,
        because="what is pruned would stay in the layer of the step ahead",
        context=PACKAGE,
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        COPY . .
        RUN npm ci && npm run build || npm run other
        """,
        because="the second build would no longer make up for an install that fails",
        context=PACKAGE,
    ),
    api.unchanged(
        """
        FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
        WORKDIR /app
        COPY . .
        RUN uv sync --frozen --no-dev
        """,
        because="without the build context nobody knows what the lockfile lists",
    ),
    api.unchanged(
        """
        FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
        WORKDIR /app
        COPY . .
        RUN uv sync --frozen --no-dev
        """,
        because="the members of a workspace are installed together",
        context={**UV, "pyproject.toml": UV["pyproject.toml"] + '\n[tool.uv.workspace]\nmembers = ["packages/*"]\n'},
    ),
    api.unchanged(
        """
        FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
        WORKDIR /app
        COPY . .
        RUN uv sync --frozen --no-dev
        """,
        because="a dependency is a folder of the context",
        context={
            **UV,
            "uv.lock": UV["uv.lock"].replace('registry = "https://pypi.example/simple"', 'directory = "lib"'),
        },
    ),
    api.unchanged(
        """
        FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
        WORKDIR /app
        COPY pyproject.toml uv.lock ./
        RUN uv sync --frozen --no-dev --no-install-project
        COPY . .
        RUN uv sync --frozen --no-dev
        """,
        because="the file has such a step already",
        context=UV,
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app
        COPY . .
        RUN cd /app && poetry install --only main
        """,
        because="the folder that the first command changes to holds for the install",
        context=POETRY,
    ),
    api.unchanged(
        """
        FROM python:3.12-alpine
        WORKDIR /app
        COPY . .
        RUN pip install poetry && apk add --virtual build gcc && poetry install --only main && apk del build
        """,
        because="the compiler that the RUN removes again would stay in the layer of the step ahead",
        context=POETRY,
    ),
    api.unchanged(
        """
        FROM golang:1.22
        WORKDIR /src
        COPY . .
        RUN --mount=type=cache,target=/go/pkg/mod go build -o /shop .
        """,
        because="the downloaded modules are kept in a cache mount",
        context=GO,
    ),
    api.unchanged(
        """
        FROM golang:1.22 AS modules
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN go mod download
        FROM golang:1.22
        COPY --from=modules /go/pkg /go/pkg
        WORKDIR /src
        COPY . .
        RUN go build -o /shop .
        """,
        because="a stage of its own downloads the modules",
        context=GO,
    ),
    api.unchanged(
        """
        FROM golang:1.22
        WORKDIR /src
        COPY . .
        RUN go build -o /shop .
        """,
        because="the modules are vendored",
        context={**GO, "vendor/modules.txt": ""},
    ),
    api.unchanged(
        """
        FROM composer:2
        WORKDIR /app
        COPY . .
        RUN composer install --no-dev -o
        """,
        because="a plugin that is not known may write files of its own",
        context={**COMPOSER, "composer.lock": '{"packages": [{"name": "a/b", "type": "composer-plugin"}]}'},
    ),
)


@api.transform(
    phase=api.Phase.ORDER,
    may_change={api.Aspect.CACHES, api.Aspect.COMMANDS, api.Aspect.FILES, api.Aspect.LAYERS, api.Aspect.OWNERSHIP},
    only_with={"COPY", "ADD"},
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if file.context is None:
        return
    for stage in file.stages:
        for late in api.late_copies(file, stage, apart=True):
            if late.step:
                yield fix(file, late, late.step)
                break


def fix(file: api.Dockerfile, late: api.LateCopy, step: api.DependencyStep) -> api.Fix:
    lines = [api.copy_like(late.copy, one.sources, one.folder) for one in late.manifests]
    moved = api.with_destination(late.copy, late.destination)
    return api.Fix(
        title=f"install the dependencies ahead with {step.command}, then copy the rest",
        edits=api.move_block_before(
            file, late.copy, step.run, left=lines, above=step.ahead, text=moved, rest=step.rest
        ),
        evidence=tuple(api.inferred(claim, step.run) for claim in claims(late, step)),
        span=late.copy.span,
    )


def claims(late: api.LateCopy, step: api.DependencyStep) -> Iterator[str]:
    sources = [source for one in late.manifests for source in one.sources]
    follows = "what its RUN does next" if step.cut else "the install"
    yield f"{step.command} reads {', '.join(sources) or 'nothing'} of what this COPY brings; {follows} still follows"
    for path in late.rewrites if step.cut else ():
        yield f"{path} ends as it is in the build context, also where the install would update it"
    for path in late.fills:
        yield f"the build context holds nothing for {path}; .dockerignore can keep it so"
