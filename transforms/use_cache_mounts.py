r"""Keep what package managers download in a cache mount: `RUN --mount=type=cache,… pip install …`.

The cache stays on the machine that builds and never becomes part of a layer.  After a change of one requirement, only
that one is downloaded; with `--no-cache-dir` all are.  pip, uv, npm, yarn 1, pnpm, Go, Cargo, Maven, Gradle, NuGet,
Composer and Bundler have one, each in the official images in which its folder is known.

Mounts need BuildKit.  The file has to show that it is built with it: `# syntax=docker/dockerfile:1`, a here-document,
a mount that is there, a flag of `COPY` such as `--link` or `--chmod`.  Elsewhere `--buildkit` says so.  Where there is
a mount, an option such as `--no-cache-dir` and a command such as `npm cache clean` go, as they work against it; where
there is none, `use-pip-no-cache-dir` and its like do what they do.

Modules of Go, crates, and packages of Maven, Gradle and NuGet are read by later commands.  So every `RUN` of the stage
that may read them gets the mount, or none does; and only in stages whose layers nobody receives.

What was compiled gets an `id` with the base image, as wheels and objects for one C library do not work on another, and
one machine has one cache for all images otherwise.  Caches that two builds must not write at once are `locked`.

Left alone: users whose home is not known, a changed `HOME`; caches that something else sets, cleans, fills or copies;
commands that work offline or rely on what an earlier one put there (`mvn install`, `dotnet publish --no-restore`);
RUNs without network; bases that are not known.  Cargo's `target` is never mounted: it is the output, and cargo trusts
times of files, which a cache that is older than a checkout deceives.  Neither are apt's folders: keeping its archives
takes the removal of `docker-clean`, which the image would then lack.

See also: Docker's guide on optimising cache usage.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN pip install --no-cache-dir -r requirements.txt
        """,
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12-slim
        COPY requirements.txt .
        RUN --mount=type=cache,id=pip-python-3.12-slim,target=/root/.cache/pip pip install -r requirements.txt
        """,
    ),
    api.changes(
        """
        # syntax=docker/dockerfile:1
        FROM node:20-slim
        COPY package.json package-lock.json ./
        RUN npm ci
        """,
        """
        # syntax=docker/dockerfile:1
        FROM node:20-slim
        COPY package.json package-lock.json ./
        RUN --mount=type=cache,target=/root/.npm npm ci
        """,
    ),
    api.changes(
        """
        FROM python:3.12
        RUN --mount=type=secret,id=pip pip install \\
            --no-cache-dir \\
            flask && pip install gunicorn
        """,
        """
        FROM python:3.12
        RUN --mount=type=secret,id=pip --mount=type=cache,id=pip-python-3.12,target=/root/.cache/pip pip install \\
            flask && pip install gunicorn
        """,
    ),
    api.changes(
        """
        FROM node:20
        COPY <<EOF /app/package.json
        {}
        EOF
        RUN cd /app && npm install
        """,
        """
        FROM node:20
        COPY <<EOF /app/package.json
        {}
        EOF
        RUN --mount=type=cache,target=/root/.npm cd /app && npm install
        """,
    ),
    api.changes(
        """
        # syntax=docker/dockerfile:1
        FROM node:20
        RUN npm cache clean --force && npm ci
        """,
        """
        # syntax=docker/dockerfile:1
        FROM node:20
        RUN --mount=type=cache,target=/root/.npm npm ci
        """,
    ),
    api.changes(
        """
        # syntax=docker/dockerfile:1
        FROM node:20 AS build
        USER node
        RUN npm ci && npm cache clean --force && npm run build
        """,
        """
        # syntax=docker/dockerfile:1
        FROM node:20 AS build
        USER node
        RUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci && npm run build
        """,
    ),
    api.changes(
        """
        # syntax=docker/dockerfile:1
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN go mod download
        COPY . .
        RUN make generate
        RUN CGO_ENABLED=0 go build -o /app
        FROM scratch
        COPY --from=build /app /app
        """,
        """
        # syntax=docker/dockerfile:1
        FROM golang:1.24 AS build
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN --mount=type=cache,target=/go/pkg/mod \
--mount=type=cache,id=go-build-golang-1.24,target=/root/.cache/go-build go mod download
        COPY . .
        RUN --mount=type=cache,target=/go/pkg/mod \
--mount=type=cache,id=go-build-golang-1.24,target=/root/.cache/go-build make generate
        RUN --mount=type=cache,target=/go/pkg/mod \
--mount=type=cache,id=go-build-golang-1.24,target=/root/.cache/go-build CGO_ENABLED=0 go build -o /app
        FROM scratch
        COPY --from=build /app /app
        """,
    ),
    api.unchanged(
        """
        FROM python:3.12
        RUN pip install flask
        """,
        because="nothing shows that BuildKit builds the file",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1.0
        FROM python:3.12
        RUN pip install flask
        """,
        because="that frontend has no mounts",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        USER app
        RUN pip install flask
        """,
        because="another user's cache is elsewhere",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        ENV HOME=/srv
        RUN pip install flask
        """,
        because="the cache is below HOME",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        ENV PIP_NO_CACHE_DIR=1
        RUN pip install flask
        """,
        because="the cache is switched off",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM registry.example.org/base
        RUN pip install flask
        """,
        because="whose home the cache is in is not known",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM python:3.12
        RUN --mount=type=cache,target=/root/.cache/pip pip install flask
        """,
        because="it has the mount",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM golang:1.24
        RUN go build -o /app
        CMD ["go", "run", "."]
        """,
        because="the program needs the modules in the image",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM maven:3.9 AS build
        RUN mvn -f library install
        RUN mvn -f application package
        FROM eclipse-temurin:21-jre
        COPY --from=build /app.jar /app.jar
        """,
        because="the second build reads what only the first can put there",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build
        RUN dotnet restore
        RUN dotnet publish --no-restore -o /app
        FROM mcr.microsoft.com/dotnet/aspnet:9.0
        COPY --from=build /app /app
        """,
        because="the second command has to find the packages, and the first may be cached while the mount is empty",
    ),
    api.unchanged(
        """
        # syntax=docker/dockerfile:1
        FROM rust:1.88 AS build
        RUN cargo build --release
        FROM debian:12
        COPY --from=build /usr/local/cargo /usr/local/cargo
        """,
        because="another stage takes the crates along",
    ),
)


@api.transform(
    phase=api.Phase.LAYERS,
    may_change={api.Aspect.CACHES, api.Aspect.COMMANDS},
    only_with=api.CACHING_PROGRAMS,
    examples=EXAMPLES,
    purpose=api.Purpose.CACHE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if api.denies_mounts(file):
        return
    for plan in api.mount_plans(file):
        sign = file.facts(api.shows_buildkit)
        first = plan.runs[0].run
        yield api.Fix(
            title=f"{plan.cache.tool}'s downloads in a cache mount, for quicker rebuilds",
            edits=tuple(edit for mounted in plan.runs for edit in edits(mounted, plan.mounts)),
            evidence=(
                api.proven(f"BuildKit builds the file: {sign}", first)
                if sign
                else api.inferred("BuildKit builds the file, as --buildkit says", first),
                api.known(f"its downloads are in {plan.cache.folders[0].path} ({plan.cache.source})", first),
                api.proven(
                    "nothing else decides on them or takes them along, and nothing works without network", first
                ),
                api.inferred(f"whatever is in the cache, {plan.cache.tool} uses what it would download", first),
            ),
            span=first.span,
            opt_in="" if sign else "buildkit",
        )


def edits(mounted: api.MountedRun, mounts: tuple[str, ...]) -> tuple[api.Edit, ...]:
    others = [edit for option in mounted.options for edit in api.remove_word(mounted.run, option)]
    others += [edit for cleanup in mounted.cleanups for edit in api.remove_command(mounted.run, cleanup)]
    return api.add_flag(mounted.run, " ".join(f"--mount={mount}" for mount in mounts), others)
