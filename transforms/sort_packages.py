r"""Sort the packages of `apt-get install` and `apk add` that stand one on a line.

A sorted list shows duplicates, and two people who add a package to it seldom meet on the same line.

No byte is saved, so that the fix runs only with `--preset style` or by name.  It is standard: the package manager
chooses among packages that provide the same thing by its own rules, and nothing is known to depend on the order.  Left
alone: lists with comments or options between the packages, several packages on a line, variables and globs.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y \\
            wget \\
            curl \\
            git
        """,
        """
        FROM debian:12
        RUN apt-get update && apt-get install -y \\
            curl \\
            git \\
            wget
        """,
    ),
    api.changes(
        """
        FROM alpine:3.20
        RUN apk add --no-cache \\
              tini \\
              bash=5.2 \\
           && true
        """,
        """
        FROM alpine:3.20
        RUN apk add --no-cache \\
              bash=5.2 \\
              tini \\
           && true
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt install -y zip \\
                           unzip \\
                           jq
        """,
        """
        FROM debian:12
        RUN apt install -y jq \\
                           unzip \\
                           zip
        """,
    ),
    api.changes(
        """
        FROM debian:12
        RUN apt-get install -y \\
            libb \\
            liba; \\
            apk add \\
            d \\
            c
        """,
        """
        FROM debian:12
        RUN apt-get install -y \\
            liba \\
            libb; \\
            apk add \\
            c \\
            d
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -y \\
            wget \\
            curl
        """,
        because="it may matter to somebody",
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -y \\
            # to fetch the keys
            wget \\
            curl
        """,
        because="the comment is about one of them",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -y \\
            wget curl \\
            git
        """,
        because="lines with several packages are groups",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -y \\
            wget \\
            $PACKAGES \\
            curl
        """,
        because="nobody knows where the variable belongs",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN apt-get install -y \\
            curl \\
            git
        """,
        because="it is sorted",
    ),
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.COMMANDS, api.Aspect.RECOMMENDS, api.Aspect.CACHES},
    only_with={"apt-get", "apt", "apk"},
    examples=EXAMPLES,
    purpose=api.Purpose.STYLE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for run in file.runs:
        if run.node.comments:
            continue
        for command in (*api.apt_commands(run, "install"), *api.apk_commands(run, "add")):
            words = command.reading.operands
            if api.stands_on_lines(run, words) and not command.reading.unknown:
                yield from fix(run, words)


def fix(run: api.Run, words: tuple[api.Word, ...]) -> Iterator[api.Fix]:
    ordered = sorted(words, key=lambda word: (word.text.lower(), word.text))
    if [word.text for word in ordered] != [word.text for word in words]:
        yield api.Fix(
            title="sort packages",
            edits=tuple(
                edit
                for old, new in zip(words, ordered, strict=True)
                if old.text != new.text
                for edit in api.replace_word(run, old, new.text)
            ),
            evidence=(
                api.proven("each package stands on a line of its own", run),
                api.inferred("the order of packages does not matter to the package manager", run),
            ),
            span=run.span,
        )
