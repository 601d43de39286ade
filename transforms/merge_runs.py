r"""Join neighbouring `RUN` instructions where that saves bytes.

A layer keeps every file it wrote, whatever later layers delete.  Neighbours that save bytes when joined: a `RUN` that
only cleans up behind the one above it; all `RUN`s from the one that fetches an archive, or installs packages, to the
one that removes it; two `RUN` instructions of the distribution's package manager, which both rewrite its database.

The fix is safe: the same commands run in the same order, with `&&` between them.  A dependency step (`pip install`,
`npm ci`, …) keeps its own cached layer.  Nothing is joined across a flag, a here-document, another shell, a change of
the shell's state (`cd`, `export`, `set`, …), `;` or `||` in the second body.  Stages whose layers nobody receives stay
as they are.  All other neighbours are joined only with `--few-layers`: they save no bytes.

See also: hadolint DL3059.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get clean && rm -rf /var/lib/apt/lists/*
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl \\
            && apt-get clean && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && \\
            apt-get install -y curl
        # needed by the importer

        RUN apt-get install -y \\
            git \\
            jq
        """,
        """
        FROM debian:12
        RUN apt-get update && \\
            apt-get install -y curl && \\
        # needed by the importer
            apt-get install -y \\
            git \\
            jq
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN wget -O /tmp/tool.tgz https://example.com/tool.tgz && tar -C /opt -xzf /tmp/tool.tgz
        RUN rm /tmp/tool.tgz
        """,
        """
        FROM debian:12
        RUN wget -O /tmp/tool.tgz https://example.com/tool.tgz && tar -C /opt -xzf /tmp/tool.tgz \\
            && rm /tmp/tool.tgz
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update; apt-get install -y curl;
        RUN apt-get purge -y gcc
        RUN rm -rf /var/lib/apt/lists/*
        """,
        """
        FROM debian:12
        RUN apt-get update; apt-get install -y curl \\
            && apt-get purge -y gcc \\
            && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20
        RUN apk add curl
        RUN apk add git
        """,
        """
        FROM alpine:3.20
        RUN apk add curl \\
            && apk add git
        """,
    ),
    api.changes(
        """
        FROM php:8.4-cli
        RUN composer install
        RUN composer clear-cache
        """,
        """
        FROM php:8.4-cli
        RUN composer install \\
            && composer clear-cache
        """,
    ),
    api.changes(
        """
        FROM debian:12
        WORKDIR /tmp
        RUN wget https://example.com/tool-1.2.tgz
        RUN mkdir -p /opt/tool && tar -C /opt/tool -xzf tool-1.2.tgz
        RUN rm tool-*.tgz
        """,
        """
        FROM debian:12
        WORKDIR /tmp
        RUN wget https://example.com/tool-1.2.tgz \\
            && mkdir -p /opt/tool && tar -C /opt/tool -xzf tool-1.2.tgz \\
            && rm tool-*.tgz
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y gcc python3-pip
        RUN pip install flask
        RUN apt-get purge -y gcc
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y gcc python3-pip \\
            && pip install flask \\
            && apt-get purge -y gcc
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN wget https://example.com/tool.tgz
        WORKDIR /opt
        RUN tar -xzf /tool.tgz && rm /tool.tgz
        """,
        because="WORKDIR stands between them",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y python3-pip
        RUN pip install flask
        """,
        because="nothing is saved, and the dependency step keeps its own cached layer",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN pip install flask
        RUN rm -rf /var/lib/apt/lists/*
        """,
        because="what the second removes does not come from the first",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN cd /tmp && apt-get update && apt-get install -y curl
        RUN rm -rf /var/lib/apt/lists/*
        """,
        because="`cd` would reach the second",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get install -y git || true
        """,
        because="`||` in the second would also catch the first",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get clean; rm -rf /var/lib/apt/lists/*
        """,
        because="`;` in the second would hide a failure of the first",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN --network=host apt-get update && apt-get install -y curl
        RUN rm -rf /var/lib/apt/lists/*
        """,
        because="a flag belongs to one of them",
    ),
    api.unchanged(
        """
        FROM debian:12 AS build
        RUN apt-get update && apt-get install -y gcc
        RUN rm -rf /var/lib/apt/lists/*
        FROM debian:12
        COPY --from=build /usr/bin/true /true
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM debian:12
        VOLUME /var/lib/apt
        RUN apt-get update && apt-get install -y curl
        RUN rm -rf /var/lib/apt/lists/*
        """,
        because="a VOLUME declared above throws changes away between the two",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        USER www-data
        RUN rm -rf /tmp/*
        """,
        because="another user runs the second",
    ),
)


@api.transform(phase=api.Phase.LAYERS, may_change={api.Aspect.LAYERS}, only_with={"RUN"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        if stage.index not in file.shipped:
            continue
        undone = api.undone_later(stage)
        for first, second in api.neighbours(stage):
            if api.cannot_join(first, second):
                continue
            reason = undone.get(second.index) or gain(first, second)
            if not reason and (api.is_dependency_step(first) or api.is_dependency_step(second)):
                continue
            yield api.Fix(
                title="join RUN with the one above it",
                edits=api.join_runs(first, second),
                evidence=(
                    api.proven(reason or "joining them makes one layer less", second),
                    api.proven(
                        "the same commands run in the same order, the second only if the first succeeded", first
                    ),
                ),
                span=second.span,
                opt_in="" if reason else "few-layers",
            )


def gain(first: api.Run, second: api.Run) -> str:
    """Why joining saves bytes, "" where it does not."""
    if api.is_dependency_step(second):
        return ""
    if api.removes_what_it_names(first, second):
        return "it removes files that the RUN above made"
    if api.only_cleans(second) and api.fills_what_is_cleaned(first, second):
        return "it only cleans up what the RUN above left"
    if api.only_packages(first) and api.only_packages(second) and not api.only_cleans(first):
        return "both rewrite the package manager's database"
    return ""
