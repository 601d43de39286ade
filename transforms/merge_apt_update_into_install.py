r"""Run `apt-get update` in the same `RUN` as the `apt-get install` that needs it.

In a `RUN` of its own the update is cached for ever: a later change of the package list installs from stale lists and
fails with 404.  It also keeps the lists in a layer that no later `RUN rm` can shrink.

The fix is safe: the same commands run in the same order.  It needs the install to follow directly; a flag, a
here-document or another shell on either side leaves both alone.

See also: hadolint DL3009, the guides' "always combine update and install".
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update
        RUN apt-get install -y curl
        """,
        """
        FROM debian:12
        RUN apt-get update \\
            && apt-get install -y curl
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update
        # what the health check calls
        RUN apt-get install -y \\
          curl \\
          jq
        CMD ["bash"]
        """,
        """
        FROM debian:12
        RUN apt-get update \\
        # what the health check calls
            && apt-get install -y \\
          curl \\
          jq
        CMD ["bash"]
        """,
    ),
    api.unchanged(
        """
        FROM ubuntu:22.04
        RUN apt-get update -y
        RUN apt-get install -y git; git --version
        """,
        because="`;` in the second would hide a failed update",
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt update
        RUN apt install -y curl && curl --version
        """,
        """
        FROM debian:12
        RUN apt update \\
            && apt install -y curl && curl --version
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update
        ENV http_proxy=http://proxy:3128
        RUN apt-get install -y curl
        """,
        because="the two run with different settings",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update
        COPY vendor.list /etc/apt/sources.list.d/
        RUN apt-get install -y curl
        """,
        because="a COPY between them orders them",
    ),
    api.changes(
        """
        FROM debian:12 AS build
        RUN apt-get update
        RUN apt-get install -y gcc
        FROM debian:12
        COPY --from=build /usr/bin/true /true
        """,
        """
        FROM debian:12 AS build
        RUN apt-get update \\
            && apt-get install -y gcc
        FROM debian:12
        COPY --from=build /usr/bin/true /true
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN --mount=type=cache,target=/var/lib/apt apt-get update
        RUN --mount=type=cache,target=/var/lib/apt apt-get install -y curl
        """,
        because="flags belong to the instruction",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update; cd /tmp
        RUN apt-get install -y ./tool.deb
        """,
        because="the second would run in another folder",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update
        RUN apt-get install -y curl || true
        """,
        because="`||` would also hide a failed update",
    ),
)


@api.transform(phase=api.Phase.LAYERS, may_change={api.Aspect.LAYERS}, only_with={"apt-get", "apt"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for first, second in api.neighbours(stage):
            if not (updates_last(first) and installs_first(second)) or api.cannot_join(first, second):
                continue
            yield api.Fix(
                title="run apt-get update together with the install that needs it",
                edits=api.join_runs(first, second),
                evidence=(
                    api.proven("the install reads the lists that this update fetches", first),
                    api.proven("the same commands run in the same order", second),
                ),
                span=first.span,
            )


def updates_last(run: api.Run) -> bool:
    """Whether the body ends in an update whose lists the next instruction reads."""
    if run.opaque or not api.fetches_lists(run):
        return False
    return not any(True for _ in api.apt_commands(run, "install", "upgrade", "dist-upgrade"))


def installs_first(run: api.Run) -> bool:
    """Whether the body begins with an install that did not fetch its own lists."""
    commands = list(api.apt_commands(run))
    return bool(commands) and commands[0].subcommand in ("install", "upgrade", "dist-upgrade")
