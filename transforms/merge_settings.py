r"""Make one instruction of neighbouring `ENV`, `LABEL` or `EXPOSE`.

They hold no files, and one instruction with a line for each value says the same as ten.

No byte is saved, so that the fix runs only with `--preset style` or by name, and it is safe.  An ENV that reads a
variable of the one above it starts a new instruction, because within one instruction it would see the old value; so
does a name that comes again.  A comment or an empty line between two of them keeps them apart: what stands above may be
about the first lines only.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        ENV A=1
        ENV B="two words" C=3
        ENV D=4
        RUN true
        """,
        """
        FROM debian:12
        ENV A=1 \\
            B="two words" C=3 \\
            D=4
        RUN true
        """,
    ),
    api.changes(
        """
        FROM debian:12
        EXPOSE 80
        EXPOSE 443/tcp
        LABEL a=b
        LABEL c=d
        """,
        """
        FROM debian:12
        EXPOSE 80 \\
               443/tcp
        LABEL a=b \\
              c=d
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ENV A=1 \\
            B=2
        ENV C=3 \\
            D=4
        """,
        """
        FROM debian:12
        ENV A=1 \\
            B=2 \\
            C=3 \\
            D=4
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ENV ROOT=/opt
        ENV BIN=$ROOT/bin
        ENV LIB=/lib
        """,
        """
        FROM debian:12
        ENV ROOT=/opt
        ENV BIN=$ROOT/bin \\
            LIB=/lib
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV ROOT=/opt
        ENV BIN=${ROOT:-/usr}/bin
        """,
        because="in one instruction BIN would see the old ROOT",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV A=1
        ENV A=2
        """,
        because="the second replaces the first",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV A=1
        RUN true
        ENV B=2
        """,
        because="the RUN between them does not see B",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV A 1
        ENV B=2
        """,
        because="the legacy form takes the rest of the line",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV A=1
        # about B
        ENV B=2
        """,
        because="the comment is about the second",
    ),
    api.unchanged(
        """
        FROM debian:12
        # keys of who signs
        ENV KEYS="05AB 07E4"

        ENV VERSION=9
        """,
        because="the author keeps them apart: the comment is about the keys",
    ),
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change=set(),
    only_with={"ENV", "LABEL", "EXPOSE"},
    examples=EXAMPLES,
    purpose=api.Purpose.STYLE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for steps in api.setting_groups(file, stage):
            yield api.Fix(
                title=f"one {steps[0].keyword} instead of {len(steps)}",
                edits=api.merge_steps(steps),
                evidence=(api.proven("they follow each other, and none reads what another sets", steps[0]),),
                span=steps[0].span,
            )
