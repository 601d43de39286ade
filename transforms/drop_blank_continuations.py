r"""Drop empty lines inside a continued instruction.

BuildKit skips them with a warning and announces that they will be an error; in a new line without the `\` above it
they silently end the instruction.

The fix is safe: what the builder reads is the same.  Comment lines stay, and so do the empty lines of here-documents.

See also: BuildKit NoEmptyContinuation.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        RUN make && \\

            make install
        """,
        """
        FROM debian:12
        RUN make && \\
            make install
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ENV A=1 \\
            # about B

            B=2 \\

            C=3
        """,
        """
        FROM debian:12
        ENV A=1 \\
            # about B
            B=2 \\
            C=3
        """,
    ),
    api.changes(
        """
        FROM \\

            debian:12
        CMD true
        """,
        """
        FROM \\
            debian:12
        CMD true
        """,
    ),
    api.changes(
        """
        FROM debian:12
        LABEL a=b \\
        \t
              c=d
        """,
        """
        FROM debian:12
        LABEL a=b \\
              c=d
        """,
    ),
    api.changes(
        """
        FROM debian:12
        COPY a \\

             <<EOF \\

             /x/
        one

        two
        EOF
        """,
        """
        FROM debian:12
        COPY a \\
             <<EOF \\
             /x/
        one

        two
        EOF
        """,
    ),
    api.unchanged(
        """
        FROM debian:12

        RUN true

        CMD true
        """,
        because="empty lines between instructions are fine",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN <<EOF
        one

        two
        EOF
        """,
        because="in a here-document they are content",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN make && \\
            # then
            make install
        """,
        because="a comment line is no empty line",
    ),
    api.unchanged(
        """
        FROM debian:12
        RUN echo one && \\
            echo two
        """,
        because="there is none",
    ),
)


@api.transform(phase=api.Phase.SPELLING, may_change=set(), examples=EXAMPLES, purpose=api.Purpose.CORRECTNESS)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for node in file.tree.instructions:
        if node.blank_continuation:
            yield api.Fix(
                title="drop empty lines inside a continuation",
                edits=api.drop_blank_lines(file, node),
                evidence=(api.Evidence("the builder reads the same without them", api.Strength.PROVEN, node.span),),
                span=node.span,
            )
