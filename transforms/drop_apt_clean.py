r"""Drop `apt-get clean` where the base image cleans by itself.

Official Debian and Ubuntu images delete every downloaded package right after its installation (`docker-clean`), so
that nothing is left to clean.

No byte is saved, so that the fix runs only with `--preset style` or by name, and it is safe.  Left alone: other base
images, files that touch `docker-clean` or apt's settings, downloads without an installation, cache mounts, and a
command whose place in the body holds something together.

See also: the Dockerfile best practices of Docker's documentation, which say the same.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y git && apt-get clean && rm -rf /var/lib/apt/lists/*
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM ubuntu:24.04
        RUN apt-get update \\
            && apt-get install -y git \\
            && apt-get -y clean
        RUN apt clean
        CMD git
        """,
        """
        FROM ubuntu:24.04
        RUN apt-get update \\
            && apt-get install -y git
        CMD git
        """,
    ),
    api.changes(
        """
        FROM node:20
        RUN apt-get update; apt-get install -y git; apt-get autoclean; true
        """,
        """
        FROM node:20
        RUN apt-get update; apt-get install -y git; true
        """,
    ),
    api.changes(
        """
        FROM python:3.12-slim AS base
        FROM base
        RUN <<EOF
        apt-get clean
        apt-get update
        EOF
        """,
        """
        FROM python:3.12-slim AS base
        FROM base
        RUN <<EOF
        apt-get update
        EOF
        """,
    ),
    api.unchanged(
        """
        FROM example.org/debian
        RUN apt-get install -y git && apt-get clean
        """,
        because="nothing is known of the base image",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN rm /etc/apt/apt.conf.d/docker-clean && apt-get install -y git && apt-get clean
        """,
        because="the file turns the cleaning off",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -y --download-only git && apt-get clean
        """,
        because="what is only downloaded is kept",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN make || apt-get clean
        """,
        because="it decides whether the RUN succeeds",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN --mount=type=cache,target=/var/cache/apt apt-get install -y git && apt-get clean
        """,
        because="it cleans the cache mount",
    ),
)
SETTINGS = ("Keep-Downloaded-Packages", "apt.conf", "docker-clean", "Clean-Installed")
DOWNLOADS = frozenset({"-d", "--download-only", "-dy", "-yd"})


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.CACHES, api.Aspect.COMMANDS, api.Aspect.LAYERS, api.Aspect.OWNERSHIP},
    only_with={"apt-get", "apt"},
    examples=EXAMPLES,
    purpose=api.Purpose.STYLE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        for command in api.apt_commands(run, "clean", "autoclean"):
            if not run.has_mount and cleans_by_itself(file, run) and (is_alone(run) or is_dispensable(command)):
                yield fix(command)


def cleans_by_itself(file: api.Dockerfile, run: api.Run) -> bool:
    """Whether the base image deletes every package that was installed, and nothing here keeps some."""
    image = api.describe(file.root(file.stages[run.stage]).base or "")
    if image is None or not image.has_docker_clean or any(word in file.text for word in SETTINGS):
        return False
    return not any(only_downloads(command) for other in file.runs for command in api.apt_commands(other))


def only_downloads(command: api.Apt) -> bool:
    return command.subcommand == "download" or any(option.name in DOWNLOADS for option in command.reading.options)


def is_alone(run: api.Run) -> bool:
    return len(run.calls) == 1 and run.calls[0].top and not run.calls[0].redirects and not run.heredoc


def is_dispensable(command: api.Apt) -> bool:
    return not command.call.redirects and api.can_remove(command.run, command.call)


def fix(command: api.Apt) -> api.Fix:
    run = command.run
    return api.Fix(
        title=f"drop {command.reading.program} {command.subcommand}, which finds nothing",
        edits=api.remove(run) if is_alone(run) else api.remove_command(run, command.call),
        evidence=(
            api.known("the base image deletes packages once they are installed (docker-clean)", run),
            api.proven("nothing here keeps or only downloads packages", run),
        ),
        span=run.span,
    )
