r"""Write `ENV name=value` instead of the legacy `ENV name value`.

The legacy form takes everything up to the end of the line for the value, a second pair included; BuildKit warns.

The value is the same, so that the fix runs only with `--preset style` or by name, and it is safe: both spellings are
expanded and compared.  Where neither the bare value nor one in quotes means the same, nothing changes.

See also: BuildKit LegacyKeyValueFormat.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        ENV LANG C.UTF-8
        env  HOME   /app
        """,
        """
        FROM debian:12
        ENV LANG=C.UTF-8
        env  HOME=/app
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ENV OPTIONS -a  -b
        ENV PATH /opt/bin:$PATH
        """,
        """
        FROM debian:12
        ENV OPTIONS="-a  -b"
        ENV PATH=/opt/bin:$PATH
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ENV GREETING "hello there"
        ENV FLAGS ${FLAGS} -O2
        """,
        """
        FROM debian:12
        ENV GREETING="hello there"
        ENV FLAGS="${FLAGS} -O2"
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ENV PAIRS A=1 B=2
        """,
        """
        FROM debian:12
        ENV PAIRS="A=1 B=2"
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV LANG=C.UTF-8
        ENV A=1 B=2
        """,
        because="it is written so",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV TEXT say "one two" and 'three'
        """,
        because="quotes inside would end the quotes around",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENV my.name value
        """,
        because="it is no name of a variable",
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG LANG=C
        LABEL one two
        """,
        because="only ENV is looked at",
    ),
)


@api.transform(
    phase=api.Phase.SPELLING, may_change=set(), only_with={"ENV"}, examples=EXAMPLES, purpose=api.Purpose.STYLE
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for step in stage.of("ENV"):
            if text := api.with_equals(step):
                yield api.Fix(
                    title="ENV name=value instead of ENV name value",
                    edits=api.respell(step, text),
                    evidence=(api.proven("both spellings give the variable the same value", step),),
                    span=step.span,
                )
