r"""Copy the dependency manifests before the install and everything else after it.

`COPY . .` above `pip install -r requirements.txt` or `npm ci` makes every edit of a source file install all the
dependencies again.  With the manifests copied first the install is served from the build cache until one of them
changes, and the sources come in a layer of their own.

Needs the build context.  The fix is right where the install reads nothing else of it: no install scripts, no packages
from folders, no patches, and where nothing it writes is in the context, too.  Each of these is looked up in the
manifests and lockfiles.  Understood are pip with requirements files, uv, poetry and pipenv where they do not install
the project itself, conda with environment files, npm, Yarn, pnpm and bun with their workspaces, `go mod download`, with
workspaces, too, `bundle install` with a plain Gemfile, `composer install` without scripts, and `dotnet restore`.

Steps in between stay where they are.  The COPY is never moved below a command that is not known, another user, a
volume, or a COPY to the same files.
"""

from collections.abc import Iterator

from dockopt import api

REQUIREMENTS = {"requirements.txt": "flask==3.0.3\n", "app.py": ""}
PACKAGE = {
    "package.json": '{"name": "shop", "dependencies": {"express": "^4.19.2"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.19.2"}}}}',
    "server.js": "",
}
GO = {
    "go.mod": "module example.com/shop\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\n",
    "go.sum": "github.com/google/uuid v1.6.0 h1:x=\ngithub.com/google/uuid v1.6.0/go.mod h1:y=\n",
    "main.go": "",
}
DOTNET = {
    "shop/shop.csproj": (
        '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><ProjectReference Include="..\\tools\\tools.csproj" />'
        "</ItemGroup></Project>"
    ),
    "tools/tools.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
    "Directory.Build.props": "<Project></Project>",
    "shop/Program.cs": "",
}

EXAMPLES = (
    api.changes(
        """
        FROM python:3.12
        WORKDIR /app
        # the application
        COPY . .
        RUN pip install --no-cache-dir -r requirements.txt
        CMD ["python", "app.py"]
        """,
        """
        FROM python:3.12
        WORKDIR /app
        COPY requirements.txt ./
        RUN pip install --no-cache-dir -r requirements.txt
        # the application
        COPY . .
        CMD ["python", "app.py"]
        """,
        context=REQUIREMENTS,
    ),
    api.changes(
        """
        FROM python:3.12

        ADD . /app
        WORKDIR /app

        RUN apt-get update && apt-get install -y libpq5
        RUN pip install -r requirements/prod.txt

        CMD ["python", "app.py"]
        """,
        """
        FROM python:3.12

        COPY requirements/prod.txt requirements/base.txt /app/requirements/
        COPY limits/constraints.txt /app/limits/
        WORKDIR /app

        RUN apt-get update && apt-get install -y libpq5
        RUN pip install -r requirements/prod.txt
        ADD . /app

        CMD ["python", "app.py"]
        """,
        context={
            "requirements/prod.txt": "-r base.txt\n-c ../limits/constraints.txt\ngunicorn\n",
            "requirements/base.txt": "flask\n",
            "requirements/dev.txt": "pytest\n",
            "limits/constraints.txt": "flask==3.0.3\n",
            "app.py": "",
        },
    ),
    api.changes(
        """
        FROM node:22
        WORKDIR /srv
        COPY --chown=node:node web/ ./
        ENV NODE_ENV=production
        RUN npm ci && npm cache clean --force
        RUN npm run build
        """,
        """
        FROM node:22
        WORKDIR /srv
        COPY --chown=node:node web/package.json web/package-lock.json web/.npmrc ./
        ENV NODE_ENV=production
        RUN npm ci && npm cache clean --force
        COPY --chown=node:node web/ ./
        RUN npm run build
        """,
        context={**{f"web/{name}": text for name, text in PACKAGE.items()}, "web/.npmrc": "save-exact=true\n"},
    ),
    api.changes(
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY . .
        WORKDIR /src/server
        RUN --mount=type=cache,target=/root/.cache go mod download
        RUN go build -o /server .
        FROM debian:12
        COPY --from=build /server /server
        """,
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY server/go.mod server/go.sum ./server/
        WORKDIR /src/server
        RUN --mount=type=cache,target=/root/.cache go mod download
        COPY . /src/
        RUN go build -o /server .
        FROM debian:12
        COPY --from=build /server /server
        """,
        context={f"server/{name}": text for name, text in GO.items()},
    ),
    api.changes(
        """
        FROM python:3.12
        WORKDIR /code
        COPY ./requirements.txt ./

        COPY . .

        RUN pip install --upgrade -r /code/requirements.txt
        EXPOSE 80
        """,
        """
        FROM python:3.12
        WORKDIR /code
        COPY ./requirements.txt ./

        RUN pip install --upgrade -r /code/requirements.txt

        COPY . .
        EXPOSE 80
        """,
        context=REQUIREMENTS,
    ),
    api.changes(
        """
        FROM node:22
        WORKDIR /app
        COPY src ./src
        COPY package.json yarn.lock ./
        RUN yarn install --frozen-lockfile --production
        """,
        """
        FROM node:22
        WORKDIR /app
        COPY package.json yarn.lock ./
        RUN yarn install --frozen-lockfile --production
        COPY src ./src
        """,
        context={**PACKAGE, "yarn.lock": 'express@^4.19.2:\n  version "4.19.2"\n', "src/index.js": ""},
    ),
    api.changes(
        """
        FROM ruby:3.3
        WORKDIR /app
        COPY . .
        RUN gem install bundler && bundle install --jobs 4
        """,
        """
        FROM ruby:3.3
        WORKDIR /app
        COPY Gemfile ./
        RUN gem install bundler && bundle install --jobs 4
        COPY . .
        """,
        context={"Gemfile": 'source "https://gems.example"\n\ngem "rack", "~> 3.0"\n', "config.ru": ""},
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt
        """,
        because="without the build context nobody knows what the requirements read",
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app
        COPY . .
        RUN pip install -r requirements.txt
        """,
        because="the requirements install the application itself",
        context={**REQUIREMENTS, "requirements.txt": "flask\n-e .\n"},
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        COPY . .
        RUN npm ci
        """,
        because="an install script runs code of the application",
        context={**PACKAGE, "package.json": '{"scripts": {"postinstall": "node server.js"}}'},
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        COPY . .
        RUN npm ci
        """,
        because="the COPY would put the context's node_modules over the installed ones",
        context={**PACKAGE, "node_modules/express/index.js": ""},
    ),
    api.changes(
        """
        FROM node:22
        WORKDIR /srv
        COPY . .
        RUN npm ci
        RUN npm run build
        """,
        """
        FROM node:22
        WORKDIR /srv
        COPY package.json package-lock.json ./
        COPY packages/a/package.json ./packages/a/
        RUN npm ci
        COPY . .
        RUN npm run build
        """,
        context={**PACKAGE, "package.json": '{"workspaces": ["packages/*"]}', "packages/a/package.json": "{}"},
    ),
    api.changes(
        """
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        WORKDIR /src
        COPY . .
        RUN dotnet restore shop/shop.csproj
        RUN dotnet publish -c Release -o /app --no-restore shop/shop.csproj
        """,
        """
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        WORKDIR /src
        COPY shop/shop.csproj ./shop/
        COPY tools/tools.csproj ./tools/
        COPY Directory.Build.props ./
        RUN dotnet restore shop/shop.csproj
        COPY . .
        RUN dotnet publish -c Release -o /app --no-restore shop/shop.csproj
        """,
        context=DOTNET,
    ),
    api.changes(
        """
        FROM mambaorg/micromamba:2
        WORKDIR /srv
        COPY . .
        RUN micromamba install -y -n base -f environment.yml && micromamba clean -ay
        """,
        """
        FROM mambaorg/micromamba:2
        WORKDIR /srv
        COPY environment.yml requirements.txt ./
        RUN micromamba install -y -n base -f environment.yml && micromamba clean -ay
        COPY . .
        """,
        context={**REQUIREMENTS, "environment.yml": "dependencies:\n  - numpy\n  - pip:\n    - -r requirements.txt\n"},
    ),
    api.unchanged(
        """
        FROM condaforge/miniforge3
        WORKDIR /srv
        COPY . .
        RUN conda env create -f environment.yml
        """,
        because="pip installs the application itself into the environment",
        context={**REQUIREMENTS, "environment.yml": "dependencies:\n  - pip\n  - pip:\n    - -e .\n"},
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        COPY . .
        RUN npm ci
        """,
        because="a member of the workspace has a program, which the install links only where it is",
        context={
            **PACKAGE,
            "package.json": '{"workspaces": ["packages/*"]}',
            "packages/a/package.json": '{"bin": "cli.js"}',
            "packages/a/cli.js": "",
        },
    ),
    api.unchanged(
        """
        FROM golang:1.22
        WORKDIR /src
        COPY . .
        RUN go mod download
        """,
        because="a module is replaced by a folder that is not copied",
        context={**GO, "go.mod": GO["go.mod"] + "replace github.com/google/uuid => ../uuid\n"},
    ),
    api.unchanged(
        """
        FROM python:3.12
        WORKDIR /app
        COPY . .
        RUN ./prepare.sh
        RUN pip install -r requirements.txt
        """,
        because="a command that may read the sources comes before the install",
        context={**REQUIREMENTS, "prepare.sh": ""},
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        COPY package*.json ./
        RUN npm ci
        COPY . .
        """,
        because="the manifests are copied first already",
        context=PACKAGE,
    ),
)


@api.transform(
    phase=api.Phase.ORDER,
    may_change={api.Aspect.FILES, api.Aspect.LAYERS, api.Aspect.OWNERSHIP},
    only_with={"COPY", "ADD"},
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for late in api.late_copies(file, stage):
            if late.reason or late.last is None:
                yield advice(late)
                continue
            yield fix(file, late, late.last)
            break


def fix(file: api.Dockerfile, late: api.LateCopy, last: api.Run) -> api.Fix:
    lines = [api.copy_like(late.copy, one.sources, one.folder) for one in late.manifests]
    moved = api.with_destination(late.copy, late.destination)
    return api.Fix(
        title="copy the manifests, install, then copy the rest" if lines else "copy the sources after the install",
        edits=api.move_block_after(file, late.copy, last, left=lines, text=moved),
        evidence=tuple(api.inferred(claim, last) for claim in claims(late)),
        span=late.copy.span,
    )


def advice(late: api.LateCopy) -> api.Fix:
    return api.Fix(
        title=f"an install below this COPY runs again at every change; it stays, as {late.reason}",
        edits=(),
        evidence=(),
        span=late.copy.span,
    )


def claims(late: api.LateCopy) -> Iterator[str]:
    sources = [source for one in late.manifests for source in one.sources]
    read = f"only {', '.join(sources)}" if sources else "nothing"
    yield f"of what this COPY brings the install reads {read}, and no script that it runs reads more"
    for path in late.fills:
        yield f"the build context holds nothing for {path}; .dockerignore can keep it so"
    for path in late.rewrites:
        yield f"{path} ends as it is in the build context, also where the install would update it"
