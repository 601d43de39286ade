r"""Install system packages before the application's files are copied.

`COPY requirements.txt .` above `apt-get install` makes every change of that file fetch and unpack all the system
packages again.  Package managers read their own folders only, so the COPY can just as well stand below them.

The COPY moves below installs that name their packages and do nothing else.  It stays where its files land in folders of
the system, where a package comes from a file, where the search path leads to the copied files, and above any other
command.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM python:3.12
        WORKDIR /app
        COPY requirements.txt .
        RUN apt-get update && apt-get install -y libpq-dev && rm -rf /var/lib/apt/lists/*
        RUN pip install -r requirements.txt
        """,
        """
        FROM python:3.12
        WORKDIR /app
        RUN apt-get update && apt-get install -y libpq-dev && rm -rf /var/lib/apt/lists/*
        COPY requirements.txt .
        RUN pip install -r requirements.txt
        """,
    ),
    api.changes(
        """
        FROM node:22-alpine

        # the application
        COPY . /srv/shop
        WORKDIR /srv/shop
        ENV TZ=Europe/Berlin

        RUN apk add --no-cache tzdata
        CMD ["node", "server.js"]
        """,
        """
        FROM node:22-alpine

        WORKDIR /srv/shop
        ENV TZ=Europe/Berlin

        RUN apk add --no-cache tzdata

        # the application
        COPY . /srv/shop
        CMD ["node", "server.js"]
        """,
    ),
    api.changes(
        """
        FROM debian:12

        # how it starts
        COPY run.sh /app/run.sh
        COPY lib /app/lib

        # what it reads
        COPY data /data

        RUN apt-get update
        RUN --mount=type=cache,target=/var/cache/apt apt-get install -y curl
        RUN chmod +x /app/run.sh
        """,
        """
        FROM debian:12

        RUN apt-get update
        RUN --mount=type=cache,target=/var/cache/apt apt-get install -y curl
        # how it starts
        COPY run.sh /app/run.sh
        COPY lib /app/lib

        # what it reads
        COPY data /data
        RUN chmod +x /app/run.sh
        """,
    ),
    api.unchanged(
        """
        FROM node:22-alpine
        COPY --chown=node . /srv/shop
        WORKDIR /srv/shop
        RUN apk add --no-cache tzdata
        """,
        because="a WORKDIR above the COPY would make the folder first, and root its owner",
    ),
    api.unchanged(
        """
        FROM debian:12
        COPY sources.list /etc/apt/sources.list
        RUN apt-get update && apt-get install -y curl
        """,
        because="the package manager reads what is copied",
    ),
    api.unchanged(
        """
        FROM debian:12
        WORKDIR /app
        COPY . .
        RUN apt-get update && apt-get install -y ./tool.deb
        """,
        because="a package comes from a copied file",
    ),
    api.unchanged(
        """
        FROM debian:12
        WORKDIR /app
        COPY packages.txt .
        RUN apt-get update && apt-get install -y $(cat packages.txt)
        """,
        because="a copied file says which packages are installed",
    ),
    api.unchanged(
        """
        FROM debian:12
        WORKDIR /app
        COPY . .
        RUN apt-get update && apt-get install -y curl && ./configure
        """,
        because="another command in the RUN may read the copied files",
    ),
    api.unchanged(
        """
        FROM debian:12
        COPY requirements.txt /tmp/build/requirements.txt
        RUN apt-get update && apt-get install -y curl && rm -rf /tmp/*
        """,
        because="the RUN removes the copied file again",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV PATH=/app/bin:/usr/bin:/bin
        COPY bin /app/bin
        RUN apt-get update && apt-get install -y curl
        """,
        because="apt-get itself could be one of the copied files",
    ),
    api.unchanged(
        """
        FROM debian:12
        WORKDIR /app
        COPY a.txt .
        WORKDIR /srv
        RUN apt-get update && apt-get install -y curl
        """,
        because="below the other WORKDIR the destination is another folder",
    ),
    api.unchanged(
        """
        FROM example/base
        COPY . .
        RUN apt-get update && apt-get install -y curl
        """,
        because="nobody knows which folder of the base the files land in",
    ),
)


@api.transform(
    phase=api.Phase.ORDER,
    may_change={api.Aspect.FILES, api.Aspect.LAYERS},
    only_with={"apt-get", "apt", "apk", "yum", "dnf", "microdnf"},
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for late in api.late_packages(stage):
            where = ", ".join(dict.fromkeys(late.targets))
            yield api.Fix(
                title="install system packages before files of the application are copied",
                edits=api.move_blocks_after(file, late.copies, late.last),
                evidence=(
                    api.proven("every package is named here, and the commands do nothing else", late.last),
                    api.known(f"{late.manager} reads and writes nothing below {where}", late.copies[0]),
                ),
                span=late.copies[0].span,
            )
