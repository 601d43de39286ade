r"""Declare build stamps below the installs, with the labels and variables that are filled from them.

`ARG GIT_COMMIT` or `ARG BUILD_DATE` has another value at every build.  It is in the environment of each `RUN` below it,
so that each of them runs again, installs included, whether it looks at the value or not.  Below them it costs nothing.

A stamp is known by its name; `ARG VERSION` and the like count where they have no value of their own.  It goes below a
`RUN` whose programs are known not to look at it: tools of the system, package managers, and installs that run nothing
of the project.  Dependencies of a language are installed without it from the level `standard`: an install script of a
package could read it.

It stays above whatever names it, above commands that are not known (`make`, `npm run build`, `dotnet`, which takes
every variable for a setting), and above downloads and upgrades: the stamp may be there so that they run at every build.
"""

from collections.abc import Iterator

from dockopt import api

PACKAGE = {
    "package.json": '{"dependencies": {"express": "^4.19.2"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4.19.2"}}}}',
}

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        # what this build is
        ARG BUILD_DATE
        ARG VCS_REF=unknown
        LABEL org.opencontainers.image.title="shop" \\
              org.opencontainers.image.created=$BUILD_DATE \\
              org.opencontainers.image.revision=${VCS_REF}

        RUN apt-get update && apt-get install -y nginx && rm -rf /var/lib/apt/lists/*
        COPY site /var/www/html
        """,
        """
        FROM debian:12

        RUN apt-get update && apt-get install -y nginx && rm -rf /var/lib/apt/lists/*

        # what this build is
        ARG BUILD_DATE
        ARG VCS_REF=unknown
        LABEL org.opencontainers.image.title="shop" \\
              org.opencontainers.image.created=$BUILD_DATE \\
              org.opencontainers.image.revision=${VCS_REF}
        COPY site /var/www/html
        """,
        level=api.Level.SAFE,
    ),
    api.changes(
        """
        FROM golang:1.22 AS build
        ARG VERSION=dev
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN go mod download
        COPY . .
        RUN go build -ldflags "-X main.version=$VERSION" -o /shop .
        FROM debian:12
        COPY --from=build /shop /shop
        """,
        """
        FROM golang:1.22 AS build
        WORKDIR /src
        COPY go.mod go.sum ./
        RUN go mod download
        ARG VERSION=dev
        COPY . .
        RUN go build -ldflags "-X main.version=$VERSION" -o /shop .
        FROM debian:12
        COPY --from=build /shop /shop
        """,
        level=api.Level.SAFE,
    ),
    api.changes(
        """
        FROM node:22
        WORKDIR /srv
        ARG GIT_COMMIT
        ENV APP_GIT_COMMIT=$GIT_COMMIT
        COPY package.json package-lock.json ./
        RUN npm ci
        COPY . .
        RUN npm run build
        """,
        """
        FROM node:22
        WORKDIR /srv
        COPY package.json package-lock.json ./
        RUN npm ci
        ARG GIT_COMMIT
        ENV APP_GIT_COMMIT=$GIT_COMMIT
        COPY . .
        RUN npm run build
        """,
        context=PACKAGE,
    ),
    api.changes(
        """
        FROM alpine:3.20
        ARG GIT_SHA
        ARG APP_VERSION=0.0.0
        LABEL revision=$GIT_SHA version=$APP_VERSION
        RUN apk add --no-cache nginx
        RUN mkdir -p /srv && echo "$APP_VERSION" > /srv/version
        RUN apk add --no-cache tzdata && adduser -D shop
        CMD ["nginx"]
        """,
        """
        FROM alpine:3.20
        RUN apk add --no-cache nginx
        ARG APP_VERSION=0.0.0
        RUN mkdir -p /srv && echo "$APP_VERSION" > /srv/version
        RUN apk add --no-cache tzdata && adduser -D shop
        ARG GIT_SHA
        LABEL revision=$GIT_SHA version=$APP_VERSION
        CMD ["nginx"]
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG GIT_COMMIT
        RUN apt-get update && apt-get install -y curl && echo "$GIT_COMMIT" > /commit
        """,
        because="the RUN writes the commit down",
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG GIT_COMMIT
        RUN make install && apt-get install -y curl
        """,
        because="make takes every variable of the environment for one of its own",
    ),
    api.unchanged(
        """
        FROM mcr.microsoft.com/dotnet/sdk:8.0
        ARG VERSION
        WORKDIR /src
        COPY shop.csproj .
        RUN dotnet restore
        """,
        because="dotnet takes VERSION for the version of what it builds",
        context={"shop.csproj": "<Project/>"},
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        ARG GIT_COMMIT
        COPY package.json package-lock.json ./
        RUN npm ci
        """,
        because="a script of the project runs in the install and may read the commit",
        context={**PACKAGE, "package.json": '{"scripts": {"prepare": "node stamp.js"}}'},
    ),
    api.unchanged(
        """
        FROM node:22
        WORKDIR /srv
        ARG BUILD_NUMBER
        COPY package.json package-lock.json ./
        RUN npm ci
        """,
        because="by a BUILD_NUMBER Node's package managers tell that they run in CI, and keep the lockfile",
        context=PACKAGE,
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG BUILD_DATE
        RUN apt-get update && apt-get upgrade -y && apt-get install -y curl
        """,
        because="the date may be there so that every build upgrades",
    ),
    api.unchanged(
        """
        FROM alpine/git
        ARG GIT_COMMIT
        RUN git clone https://git.example/shop.git /shop
        RUN apk add --no-cache nginx
        """,
        because="the commit may be there so that every build clones anew",
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG VERSION=12.4
        RUN apt-get update && apt-get install -y curl
        """,
        because="a version written in the file is not that of this build",
    ),
    api.unchanged(
        """
        ARG TAG
        FROM debian:$TAG
        ARG TAG
        RUN apt-get update && apt-get install -y curl
        """,
        because="another value is another base image, on which everything is installed anyway",
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG GIT_REF
        ENV GIT_REF=$GIT_REF PATH=/opt/$GIT_REF/bin:$PATH
        RUN apt-get update && apt-get install -y curl
        """,
        because="the commands are looked up in a path that the stamp is part of",
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG SOURCE_DATE_EPOCH
        RUN apt-get update && apt-get install -y curl
        """,
        because="many programs write this date into what they make",
    ),
)


@api.transform(phase=api.Phase.ORDER, may_change={api.Aspect.STAMPS}, only_with={"ARG"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for late in api.late_stamps(file, stage):
            yield advice(late) if late.reason else fix(file, late)


def fix(file: api.Dockerfile, late: api.LateStamps) -> api.Fix:
    names = " and ".join(late.names)
    claims = [api.proven(f"no instruction that they pass names {names} or is filled from it", late.steps[0])]
    if late.trusted:
        claims.append(api.inferred(f"trusted: {late.trusted}", late.last))
    else:
        claims.append(api.known("the programs that run in between do not look at build stamps", late.last))
    return api.Fix(
        title=f"declare {names} below installs that do not look at it",
        edits=api.move_blocks_after(file, late.steps, late.last),
        evidence=tuple(claims),
        span=late.steps[0].span,
    )


def advice(late: api.LateStamps) -> api.Fix:
    return api.Fix(
        title=f"{late.names[0]} makes the install below run at every build; it stays, as {late.reason}",
        edits=(),
        evidence=(),
        span=late.steps[0].span,
    )
