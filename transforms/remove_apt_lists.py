r"""Delete apt's package lists in the `RUN` that downloaded them.

`apt-get update` fills `/var/lib/apt/lists`, about 20 MB on Debian 12 and 45 MB on Ubuntu.  A later `RUN rm` cannot
win the space back: the earlier layer already holds the files.

The fix is safe unless a later instruction, in this stage or in one built on it, reads the same lists; then nothing
changes.  Bodies with `--mount` keep their lists (they may be in the mount), and stages whose layers nobody receives are
left alone: there is nothing to save.  An image that ends with the lists keeps them for those that are built on it.

See also: hadolint DL3009.
"""

from collections.abc import Iterator

from dockopt import api

COMMAND = "rm -rf /var/lib/apt/lists/*"

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y \\
            curl \\
            # for the health check
            jq
        CMD ["bash"]
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y \\
            curl \\
            # for the health check
            jq \\
            && rm -rf /var/lib/apt/lists/*
        CMD ["bash"]
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && \\
            apt-get install -y curl; \\
            curl --version
        """,
        """
        FROM debian:12
        RUN apt-get update && \\
            apt-get install -y curl; \\
            curl --version && \\
            rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN <<EOF
        set -e
        apt-get update
        apt-get install -y curl
        EOF
        """,
        """
        FROM debian:12
        RUN <<EOF
        set -e
        apt-get update
        apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        EOF
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update
        RUN apt-get install -y curl
        """,
        because="the second RUN still reads the lists",
    ),
    api.unchanged(
        """
        FROM debian:12 AS base
        RUN apt-get update && apt-get install -y curl
        FROM base
        RUN apt-get install -y git
        """,
        because="a stage built on this one reads the lists",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl
        """,
        because="the lists are in a cache mount",
    ),
    api.unchanged(
        """
        FROM debian:12 AS build
        RUN apt-get update && apt-get install -y gcc
        FROM debian:12
        COPY --from=build /usr/bin/true /true
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && daemon &
        """,
        because="the last command runs in the background",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        """,
        because="the lists are removed already",
    ),
    api.changes(
        """
        FROM debian:12
        RUN rm -rf /var/lib/apt/lists/* && apt-get update && apt-get install -y curl
        """,
        """
        FROM debian:12
        RUN rm -rf /var/lib/apt/lists/* && apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.changes(
        """
        FROM cimg/base:2024.01
        RUN sudo apt-get update && sudo apt-get install -y jq
        """,
        """
        FROM cimg/base:2024.01
        RUN sudo apt-get update && sudo apt-get install -y jq && sudo rm -rf /var/lib/apt/lists/*
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN xargs -a packages.txt apt-get install -y
        """,
        because="another program calls apt-get, which reads the lists",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl make
        RUN make deps
        """,
        because="a recipe may install packages; that nobody does so is only inferred",
        level=api.Level.SAFE,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl gcc make
        RUN curl https://example.com/tool.tgz | tar -xz && cd tool && ./configure --prefix=/usr && make -j 4 install
        RUN curl -sSf https://sh.rustup.rs | sh -s -- -y && python3 manage.py collectstatic --no-input
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl gcc make && rm -rf /var/lib/apt/lists/*
        RUN curl https://example.com/tool.tgz | tar -xz && cd tool && ./configure --prefix=/usr && make -j 4 install
        RUN curl -sSf https://sh.rustup.rs | sh -s -- -y && python3 manage.py collectstatic --no-input
        """,
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        RUN test -f /x || apt-get update; apt-get install -y git; rm -rf /var/lib/apt/lists/*
        """,
        because="the second update may not run",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY install.sh /
        RUN sh /install.sh
        """,
        because="the script may install packages from these lists",
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        COPY install.sh /
        RUN sh /install.sh
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        COPY install.sh /
        RUN sh /install.sh
        """,
        context={"install.sh": "echo ready\n"},
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y curl
        ONBUILD RUN apt-get install -y git
        """,
        because="images built on this one read the lists",
    ),
)


@api.transform(
    phase=api.Phase.COMMANDS, may_change={api.Aspect.PACKAGE_LISTS}, only_with={"apt-get", "apt"}, examples=EXAMPLES
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        if stage.index not in file.shipped:
            continue
        for run in stage.runs:
            if not leaves_lists(run) or are_the_purpose(run, stage):
                continue
            if api.needs_sudo(run) and not api.may_remove_through_sudo(file):
                continue
            reader = api.later_reader(file, run)
            if reader and reader.doubt is api.Doubt.CERTAIN:
                continue
            yield api.Fix(
                title="remove apt's package lists in the RUN that fetched them",
                edits=api.append_command(run, f"sudo {COMMAND}" if api.needs_sudo(run) else COMMAND),
                evidence=(api.proven("the lists are fetched here and not removed", run), unread(reader, stage)),
                span=run.span,
            )


def unread(reader: api.Reader | None, stage: api.Stage) -> api.Evidence:
    """Why nothing that comes later misses the lists."""
    if reader is None:
        return api.proven("no later instruction reads them", stage)
    claim = f"{reader.program} does not install packages from these lists"
    if reader.doubt is api.Doubt.BY_CONVENTION:
        return api.known(f"{claim} ({reader.source})", reader.step)
    return (api.assumed if reader.doubt is api.Doubt.PERHAPS else api.inferred)(claim, reader.step)


def are_the_purpose(run: api.Run, stage: api.Stage) -> bool:
    """Whether an image ends with the lists and nothing else, so that images built on it have them."""
    only = all(call.is_("apt-get", "apt") and "update" in call.values for call in run.calls)
    return only and not any(step.keyword in ("RUN", "COPY", "ADD", "CMD", "ENTRYPOINT") for step in stage.after(run))


def leaves_lists(run: api.Run) -> bool:
    if not api.fetches_lists(run) or run.has_mount or api.cannot_append(run) or api.removes_lists(run):
        return False
    return api.is_root(run) or api.needs_sudo(run)
