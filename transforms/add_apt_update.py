r"""Fetch apt's package lists in each `RUN` that installs by them, so that no layer has to keep them.

An install in a later `RUN` reads the lists that an earlier one left: 20 MB on Debian 12, 45 MB on Ubuntu, in every copy
of the image.  Worse, once the earlier `RUN` is cached its lists grow old, and the later install fails with 404.

The update is repeated in front of the later installs, and all of them remove the lists.  It costs some seconds for each
install when the image is built.  The fix is safe where the first update cannot fail unnoticed, and nothing in between
changes where apt looks for packages or which keys it trusts.  It is left out for more than four installs, for installs
in conditions, scripts and here-documents, behind `||`, or under `sudo`, and in stages whose layers nobody receives.

See also: hadolint DL3009.
"""

from collections.abc import Iterator

from dockopt import api

REMOVAL = "rm -rf /var/lib/apt/lists/*"

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY tool /usr/bin/
        RUN apt-get install -y git
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        COPY tool /usr/bin/
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM ubuntu:24.04
        ENV DEBIAN_FRONTEND=noninteractive
        RUN apt-get update -yqq && apt-get install -yqq software-properties-common && \\
            add-apt-repository ppa:ondrej/php && \\
            apt-get update -yqq && apt-get install -yqq php8.4-cli
        COPY conf/php.ini /usr/local/php/
        # for the events
        RUN apt-get install -y php-pear php8.4-dev > /dev/null && \\
            pecl install event
        """,
        """
        FROM ubuntu:24.04
        ENV DEBIAN_FRONTEND=noninteractive
        RUN apt-get update -yqq && apt-get install -yqq software-properties-common && \\
            add-apt-repository ppa:ondrej/php && \\
            apt-get update -yqq && apt-get install -yqq php8.4-cli \\
            && rm -rf /var/lib/apt/lists/*
        COPY conf/php.ini /usr/local/php/
        # for the events
        RUN apt-get update -yqq && apt-get install -y php-pear php8.4-dev > /dev/null && \\
            pecl install event && \\
            rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        ENV LANG=C.UTF-8
        RUN mkdir /data && DEBIAN_FRONTEND=noninteractive apt-get install -y git
        ENV TZ=UTC
        RUN apt-get install -y jq && rm -rf /var/lib/apt/lists/*
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        ENV LANG=C.UTF-8
        RUN mkdir /data && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y git && \
rm -rf /var/lib/apt/lists/*
        ENV TZ=UTC
        RUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y build-essential
        WORKDIR /src
        RUN make
        RUN apt-get install -y git
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y build-essential && rm -rf /var/lib/apt/lists/*
        WORKDIR /src
        RUN make
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y build-essential
        WORKDIR /src
        RUN make
        RUN apt-get install -y git
        """,
        because="that no recipe installs packages is only inferred",
        level=api.Level.SAFE,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY pool.conf /etc/php/8.4/fpm/
        RUN apt-get install -y git
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        COPY pool.conf /etc/php/8.4/fpm/
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY extra.list /etc/apt/sources.list.d/
        RUN apt-get install -y git
        """,
        because="an update would now find packages of another source",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update; apt-get install -y curl
        COPY tool /usr/bin/
        RUN apt-get install -y git
        """,
        because="the update may fail today without failing the build",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY tool /usr/bin/
        RUN if [ -n "$DEBUG" ]; then apt-get install -y gdb; fi
        """,
        because="the install runs in a condition",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY tool /usr/bin/
        RUN apt-get install -y git; git --version
        """,
        because="a failed update would be passed over",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update
        COPY tool /usr/bin/
        RUN apt-get install -y git
        """,
        because="nothing would be left of the first RUN",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY setup.sh /
        RUN sh /setup.sh
        RUN apt-get install -y git
        """,
        because="the script may read the lists too",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get install -y git
        """,
        because="the two can be one RUN, which fetches the lists once",
    ),
    api.unchanged(
        """
        FROM debian:12 AS base
        RUN apt-get update && apt-get install -y curl
        FROM base
        RUN apt-get install -y git
        """,
        because="the install is in another stage",
    ),
    api.unchanged(
        """
        FROM debian:12 AS build
        RUN apt-get update && apt-get install -y gcc
        COPY tool /usr/bin/
        RUN apt-get install -y git
        FROM debian:12
        COPY --from=build /usr/bin/true /true
        """,
        because="nobody receives the layers of the first stage",
    ),
)


@api.transform(
    phase=api.Phase.COMMANDS,
    may_change={api.Aspect.PACKAGE_LISTS, api.Aspect.COMMANDS},
    only_with={"apt-get", "apt"},
    examples=EXAMPLES,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        found = api.refetch(file, run)
        if found is None:
            continue
        update = " ".join(word.text for word in found.update.call.words)
        edits = list(api.append_command(run, REMOVAL))
        for later, first in found.installs:
            edits += api.run_before(later, first, update)
            edits += () if api.removes_lists(later) else api.append_command(later, REMOVAL)
        yield api.Fix(
            title="fetch apt's package lists in each RUN that installs by them",
            edits=tuple(edits),
            evidence=(
                api.proven("this update cannot fail unnoticed, and later installs read its lists", run),
                api.proven("nothing in between changes where apt looks for packages", found.installs[-1][0]),
                *(in_doubt(reader) for reader in found.doubts),
            ),
            span=run.span,
        )


def in_doubt(reader: api.Reader) -> api.Evidence:
    """That a command between the installs leaves the lists alone."""
    claim = f"{reader.program} does not install packages"
    return (api.known if reader.doubt is api.Doubt.BY_CONVENTION else api.inferred)(claim, reader.step)
