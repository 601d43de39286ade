r"""Call `apt-get` where a build calls `apt`.

`apt` is made for people: it draws progress bars, warns in every log that its command line may change, and its options
do change.

The same packages are installed, so that the fix runs only with `--preset style` or by name.  It is safe for the
commands that both have alike, on official Debian and Ubuntu images, which keep no downloaded packages either way.
Left alone: `upgrade` and `full-upgrade`, for which `apt` installs new packages too; `list`, `search`, `show`, which
`apt-get` does not have; other base images, where `apt-get` would leave the downloads that `apt` deletes.

See also: hadolint DL3027.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt update && apt install -y git
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y git
        """,
    ),
    api.changes(
        """
        FROM ubuntu:24.04
        RUN apt update \\
            && DEBIAN_FRONTEND=noninteractive apt install --no-install-recommends -y \\
               git
        RUN if [ -e /x ]; then sudo apt remove -y git; fi; apt autoremove -y
        """,
        """
        FROM ubuntu:24.04
        RUN apt-get update \\
            && DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends -y \\
               git
        RUN if [ -e /x ]; then sudo apt-get remove -y git; fi; apt-get autoremove -y
        """,
    ),
    api.changes(
        """
        FROM python:3.12-slim AS base
        FROM base
        RUN apt clean
        """,
        """
        FROM python:3.12-slim AS base
        FROM base
        RUN apt-get clean
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN <<EOF
        apt update
        apt purge -y git
        EOF
        """,
        """
        FROM debian:12
        RUN <<EOF
        apt-get update
        apt-get purge -y git
        EOF
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt update && apt upgrade -y
        """,
        because="apt upgrade installs new packages, and two names in one RUN help nobody",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt list --installed > /packages
        """,
        because="apt-get has no such command",
    ),
    api.unchanged(
        """
        FROM example.org/ubuntu
        RUN apt install -y git
        """,
        because="apt-get may keep what it downloads on this base",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt install -y -o APT::Foo=1 --autoremove git
        """,
        because="with other options the two may differ",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -y git && echo apt install
        """,
        because="it is apt-get",
    ),
)
ALIKE = frozenset({"update", "install", "remove", "purge", "autoremove", "clean", "autoclean"})
OPTIONS = frozenset(
    "-y --yes --assume-yes -q -qq -qy -yq -yqq -qqy --quiet --no-install-recommends --no-install-suggests"
    " --fix-missing --allow-unauthenticated --reinstall --purge --force-yes -f".split()
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.COMMANDS, api.Aspect.RECOMMENDS, api.Aspect.CACHES, api.Aspect.OWNERSHIP},
    only_with={"apt"},
    examples=EXAMPLES,
    purpose=api.Purpose.STYLE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        commands = [command for command in api.apt_commands(run) if command.call.words[0].value == "apt"]
        if commands and all(map(is_alike, commands)) and keeps_nothing(file, run):
            yield api.Fix(
                title="apt-get instead of apt",
                edits=tuple(edit for c in commands for edit in api.replace_word(run, c.call.words[0], "apt-get")),
                evidence=(
                    api.proven("only commands and options that both have alike", run),
                    api.known("official Debian and Ubuntu images delete what apt-get downloads (docker-clean)", run),
                ),
                span=run.span,
            )


def is_alike(command: api.Apt) -> bool:
    return command.subcommand in ALIKE and all(option.name in OPTIONS for option in command.reading.options)


def keeps_nothing(file: api.Dockerfile, run: api.Run) -> bool:
    """Whether the base image deletes downloaded packages, and nothing here tells apt otherwise."""
    image = api.describe(file.root(file.stages[run.stage]).base or "")
    return image is not None and image.has_docker_clean and "docker-clean" not in file.text
