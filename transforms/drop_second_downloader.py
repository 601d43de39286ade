r"""Point out images that install both `curl` and `wget`.

One of them is enough for nearly every script.  On a bare Debian 12, curl brings 12.0 MB along and wget 3.7 MB, without
recommended packages.

This is advice: which one the container's own scripts call, and whether people count on both, the file does not say.
Silent where both are called in the file, so that both are needed to build it, and in stages that nobody receives.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl wget && curl -O https://example.org/x
        """,
        because="it is advice: only curl is called",
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        RUN apk add --no-cache curl
        RUN apk add --no-cache wget
        """,
        because="it is advice: none is called",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl wget
        RUN curl -O https://example.org/x && wget https://example.org/y
        """,
        because="both are called",
    ),
    api.unchanged(
        """
        FROM debian:12 AS build
        RUN apt-get update && apt-get install -y curl wget
        FROM debian:12
        COPY --from=build /bin/true /true
        """,
        because="nobody receives the first stage",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        """,
        because="one is enough",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y $TOOLS wget
        """,
        because="curl is not named",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN pip install wget curl
        """,
        because="these are Python packages",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get remove -y curl wget
        """,
        because="none is installed",
    ),
)
BOTH = frozenset({"curl", "wget"})


@api.transform(phase=api.Phase.COMMANDS, may_change=set(), only_with={"apt-get", "apt", "apk"}, examples=EXAMPLES)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    if not all(name in file.text for name in BOTH):
        return
    for stage in file.stages:
        if stage.index not in file.shipped:
            continue
        installers = {name: run for run in stage.runs for name in installed(run)}
        called = {call.name for run in stage.runs for call in run.calls}
        if BOTH.issubset(installers) and not BOTH.issubset(called):
            run = max(installers.values(), key=lambda run: run.index)
            yield api.Fix(
                title="curl and wget are both installed, and the file does not call both",
                edits=(),
                evidence=(api.proven("this stage installs both", run),),
                span=run.span,
            )


def installed(run: api.Run) -> Iterator[str]:
    """Which of the two a body installs from the distribution."""
    for apt in api.apt_commands(run, "install"):
        yield from BOTH.intersection(apt.packages)
    for apk in api.apk_commands(run, "add"):
        yield from BOTH.intersection(word.value or "" for word in apk.reading.operands)
