r"""Replace `MAINTAINER` by the label `org.opencontainers.image.authors`.

`MAINTAINER` has been deprecated since Docker 1.13; a label can be searched for and holds more than one name.

The image config changes: the Author field goes, the label comes.  No byte is saved, so that the fix runs only with
`--preset style` or by name, and it is standard: what remains to be believed is that nobody reads the old field.  Left
alone: names with `$`, quotes or backslashes, which a label would read, and stages that have the label.

See also: hadolint DL4000; BuildKit MaintainerDeprecated.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        MAINTAINER Ann Example <ann@example.org>
        """,
        """
        FROM debian:12
        LABEL org.opencontainers.image.authors="Ann Example <ann@example.org>"
        """,
    ),
    api.changes(
        """
        FROM debian:12
        maintainer ann@example.org
        """,
        """
        FROM debian:12
        label org.opencontainers.image.authors="ann@example.org"
        """,
    ),
    api.changes(
        """
        FROM debian:12
        MAINTAINER "Ann Example"
        LABEL version="1"
        """,
        """
        FROM debian:12
        LABEL org.opencontainers.image.authors="Ann Example"
        LABEL version="1"
        """,
    ),
    api.changes(
        """
        FROM debian:12 AS one
        MAINTAINER Ann
        FROM debian:12
        MAINTAINER Bob, Cy
        """,
        """
        FROM debian:12 AS one
        LABEL org.opencontainers.image.authors="Ann"
        FROM debian:12
        LABEL org.opencontainers.image.authors="Bob, Cy"
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        MAINTAINER Ann Example <ann@example.org>
        """,
        because="somebody may read the image's author",
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM debian:12
        MAINTAINER Ann $NAME
        """,
        because="a label would expand the variable",
    ),
    api.unchanged(
        """
        FROM debian:12
        MAINTAINER Ann "Annie" Example
        """,
        because="a label would take the quotes off",
    ),
    api.unchanged(
        """
        FROM debian:12
        LABEL org.opencontainers.image.authors="Bob"
        MAINTAINER Ann
        """,
        because="the label is there and says something else",
    ),
    api.unchanged(
        """
        FROM debian:12 AS base
        LABEL org.opencontainers.image.authors="Bob"
        FROM base
        MAINTAINER Ann
        """,
        because="the label of the stage below says something else",
    ),
)
LABEL = "org.opencontainers.image.authors"
READ_BY_LABELS = frozenset("$\"'\\`")


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.CONFIG},
    only_with={"MAINTAINER"},
    examples=EXAMPLES,
    purpose=api.Purpose.STYLE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        if any(LABEL in step.text for one in file.chain(stage) for step in one.of("LABEL")):
            continue
        for step in stage.of("MAINTAINER"):
            name = unquoted(step.text)
            if name and not READ_BY_LABELS.intersection(name):
                yield fix(step, name)


def unquoted(text: str) -> str:
    """The name without the quotes that many put around it, which MAINTAINER keeps."""
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == '"' else text


def fix(step: api.Step, name: str) -> api.Fix:
    return api.Fix(
        title="a label instead of MAINTAINER",
        edits=(*api.respell_keyword(step, "LABEL"), *api.replace_arguments(step, f'{LABEL}="{name}"')),
        evidence=(
            api.known("MAINTAINER is deprecated in favour of this label (Dockerfile reference)", step),
            api.inferred("nobody reads the image's Author field", step),
        ),
        span=step.span,
    )
