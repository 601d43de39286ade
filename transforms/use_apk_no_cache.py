r"""Install with `apk add --no-cache`, and drop the `apk update` that this makes pointless.

`apk update`, and `apk add` with or without `--update`, save the package index in `/var/cache/apk`: 2 to 3 MB that stay
in the layer.  With `--no-cache`, apk reads the index from the repositories, always the present one, and saves nothing.

The fix is safe where every apk command of the stage, and of stages built on it, is understood.  Where a later `RUN`
installs by the index of an earlier one, all of them change together.  Commands that look something up in a saved index
(`apk search`, `apk list`), cache mounts on apk's folders, scripts that may call apk behind an `apk update`, and bodies
that remove the index themselves are left alone.

See also: hadolint DL3019.
"""

from collections.abc import Iterator

from dockopt import api

OPTION = "--no-cache"
IN_USE = ("RUN", "COPY", "ADD", "CMD", "ENTRYPOINT")

EXAMPLES = (
    api.changes(
        """
        FROM alpine:3.20
        RUN apk add curl jq
        """,
        """
        FROM alpine:3.20
        RUN apk add --no-cache curl jq
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20
        RUN apk update && \\
            # for the health check
            apk add curl && \\
            apk add --virtual .build gcc && \\
            apk del .build
        """,
        """
        FROM alpine:3.20
        RUN \\
            # for the health check
            apk add --no-cache curl && \\
            apk add --no-cache --virtual .build gcc && \\
            apk del .build
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20
        RUN apk -U upgrade && apk add --update curl
        """,
        """
        FROM alpine:3.20
        RUN apk --no-cache upgrade && apk add --no-cache curl
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20
        RUN set -ex; apk update; apk add --no-cache curl
        """,
        """
        FROM alpine:3.20
        RUN set -ex; apk add --no-cache curl
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20
        RUN <<EOF
        apk update
        apk add git
        EOF
        """,
        """
        FROM alpine:3.20
        RUN <<EOF
        apk add --no-cache git
        EOF
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20 AS base
        # fresh lists
        RUN apk update
        RUN apk add curl
        FROM base
        RUN apk add git && rm -rf /var/cache/apk/*
        """,
        """
        FROM alpine:3.20 AS base
        # fresh lists
        RUN apk add --no-cache curl
        FROM base
        RUN apk add --no-cache git && rm -rf /var/cache/apk/*
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20
        RUN if [ -n "$DEBUG" ]; then apk add gdb; fi
        """,
        """
        FROM alpine:3.20
        RUN if [ -n "$DEBUG" ]; then apk add --no-cache gdb; fi
        """,
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        RUN apk update
        RUN apk search -q firefox
        RUN apk add curl
        """,
        because="a command looks something up in the saved index",
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        RUN --mount=type=cache,target=/var/cache/apk apk add --update curl
        """,
        because="the index is in a cache mount",
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        RUN ln -s /var/cache/apk /etc/apk/cache && apk add curl
        """,
        because="the file sets up a cache of its own",
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        RUN apk add --update curl && rm -rf /var/cache/apk/*
        """,
        because="the index is removed in the same RUN",
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        RUN apk update && apk add curl
        RUN rm /var/cache/apk/*
        """,
        because="rm without -f would fail where nothing is left to remove",
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        COPY setup.sh /
        RUN apk update && apk add bash && /setup.sh
        """,
        because="the script may install by the index that was fetched",
    ),
    api.unchanged(
        """
        FROM alpine:3.20 AS build
        RUN apk add gcc
        FROM alpine:3.20
        COPY --from=build /usr/bin/cc /cc
        """,
        because="nobody receives the layers of the first stage",
    ),
    api.unchanged(
        """
        FROM alpine:3.20
        RUN apk update || true; apk add curl
        """,
        because="the fetch may fail today",
    ),
)


@api.transform(
    phase=api.Phase.COMMANDS, may_change={api.Aspect.CACHES, api.Aspect.LAYERS}, only_with={"apk"}, examples=EXAMPLES
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for root in file.stages:
        if root.parent is None:
            family = [root, *file.built_on(root)]
            runs = [run for stage in family for run in stage.runs if any(api.apk_commands(run))]
            steps = [step for stage in family for step in stage.steps] if runs else []
            if runs and not any(api.apk_is_out_of_sight(step) or api.starts_apk(file, step) for step in steps):
                yield from fixes(file, runs)


def fixes(file: api.Dockerfile, runs: list[api.Run]) -> Iterator[api.Fix]:
    """One fix for the RUNs that share an index, one for each other RUN."""
    if any(reads_foreign_index(run) for run in runs) or api.installs_behind_other_repositories(runs):
        return
    together = [run for run in runs if shares_index(file, run)]
    alone = [[run] for run in runs if run not in together and not api.removes_index(run)]
    for group in [together, *alone]:
        shipped = any(run.stage in file.shipped for run in group)
        if shipped and not any(cannot_change(file, run) for run in group) and any(edits(run) for run in group):
            yield fix([run for run in group if edits(run)])


def fix(runs: list[api.Run]) -> api.Fix:
    return api.Fix(
        title="install with apk --no-cache",
        edits=tuple(edit for run in runs for edit in edits(run)),
        evidence=(
            api.known("apk --no-cache reads the present index and saves none (apk(8))", runs[0]),
            api.proven("no other command uses a saved index", runs[0]),
        ),
        span=runs[0].span,
    )


def reads_foreign_index(run: api.Run) -> bool:
    """Whether the body looks something up in an index that it did not fetch."""
    for apk in api.apk_commands(run):
        if apk.fetches:
            return False
        if apk.only_reads:
            return True
    return False


def shares_index(file: api.Dockerfile, run: api.Run) -> bool:
    """Whether the body may use an index of an earlier RUN, or a later one that of this."""
    if api.relies_on_index(run):
        return any(isinstance(step, api.Run) and api.provides_index(step) for step in file.before(run))
    return api.provides_index(run) and any(api.relies_on_index(later) for later in file.runs_after(run))


def cannot_change(file: api.Dockerfile, run: api.Run) -> bool:
    commands = list(api.apk_commands(run))
    updates = [apk for apk in commands if apk.subcommand == "update"]
    if any(apk.only_reads for apk in commands) or api.has_no_network(run):
        return True
    if updates and (not can_drop(run, updates) or is_the_purpose(file, run)):
        return True
    return api.provides_index(run) and any(api.runs_script(call) for call in calls_behind(file, run, commands[0]))


def can_drop(run: api.Run, updates: list[api.Apk]) -> bool:
    """Whether the one `apk update` can go: it may not fail unnoticed, nor be all that decides how the body ends."""
    call = updates[0].call
    if len(updates) > 1 or any(apk.call.span < call.span for apk in api.apk_commands(run, "upgrade")):
        return False
    return is_alone(run) or api.can_remove(run, call)


def is_the_purpose(file: api.Dockerfile, run: api.Run) -> bool:
    """Whether an image ends with the index and nothing else, so that images built on it have it."""
    return is_alone(run) and not any(step.keyword in IN_USE for step in file.after(run))


def is_alone(run: api.Run) -> bool:
    return len(run.calls) == 1 and run.calls[0].sure


def calls_behind(file: api.Dockerfile, run: api.Run, first: api.Apk) -> Iterator[api.Call]:
    yield from (call for call in run.calls if call.span > first.call.span)
    for later in file.runs_after(run):
        yield from later.calls


def edits(run: api.Run) -> tuple[api.Edit, ...]:
    found: list[api.Edit] = []
    for apk in api.apk_commands(run):
        if apk.subcommand == "update":
            found += api.remove(run) if is_alone(run) else api.remove_command(run, apk.call)
        elif apk.uses_saved_index and apk.refresh and apk.refresh.word.value == apk.refresh.name:
            found += api.replace_word(run, apk.refresh.word, OPTION)
        elif apk.uses_saved_index and apk.reading.subcommand_word:
            found += api.append_word(run, apk.reading.subcommand_word, OPTION)
    return tuple(found)
