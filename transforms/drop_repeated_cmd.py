r"""Drop `CMD`, `ENTRYPOINT` and `HEALTHCHECK` that the same stage replaces further down.

The last one of a stage wins; those above it do nothing, and whoever reads the file may believe in them.

The fix is safe: the image config is the same.  Those of an earlier stage stay, because that stage may be built by
itself.

See also: hadolint DL3012, DL4003, DL4004; BuildKit MultipleInstructionsDisallowed.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        CMD ["echo", "one"]
        CMD ["echo", "two"]
        """,
        """
        FROM debian:12
        CMD ["echo", "two"]
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ENTRYPOINT ["/old"]
        RUN true
        ENTRYPOINT ["/new"]
        CMD ["a"]
        """,
        """
        FROM debian:12
        RUN true
        ENTRYPOINT ["/new"]
        CMD ["a"]
        """,
    ),
    api.changes(
        """
        FROM debian:12
        HEALTHCHECK NONE
        HEALTHCHECK CMD true
        """,
        """
        FROM debian:12
        HEALTHCHECK CMD true
        """,
    ),
    api.changes(
        """
        FROM debian:12
        CMD one \\
            # keeps its note
            two
        ENTRYPOINT ["/run"]
        CMD three
        CMD four
        """,
        """
        FROM debian:12
            # keeps its note
        ENTRYPOINT ["/run"]
        CMD four
        """,
    ),
    api.changes(
        """
        FROM debian:12 AS base
        CMD ["a"]
        CMD ["b"]
        FROM base
        CMD ["c"]
        """,
        """
        FROM debian:12 AS base
        CMD ["b"]
        FROM base
        CMD ["c"]
        """,
    ),
    api.unchanged(
        """
        FROM debian:12 AS base
        CMD ["a"]
        FROM base
        CMD ["b"]
        """,
        because="the first stage can be built by itself",
    ),
    api.unchanged(
        """
        FROM debian:12
        ENTRYPOINT ["/run"]
        CMD ["a"]
        """,
        because="both are in force",
    ),
    api.unchanged(
        """
        FROM debian:12
        ONBUILD CMD ["a"]
        CMD ["b"]
        """,
        because="ONBUILD is for the images built on this one",
    ),
    api.unchanged(
        """
        FROM debian:12
        HEALTHCHECK CMD true
        FROM debian:12 AS two
        HEALTHCHECK CMD false
        """,
        because="each stage has one",
    ),
)
KEYWORDS = ("CMD", "ENTRYPOINT", "HEALTHCHECK")


@api.transform(
    phase=api.Phase.SPELLING, may_change=set(), only_with=KEYWORDS, examples=EXAMPLES, purpose=api.Purpose.CORRECTNESS
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    keywords = [node.keyword for node in file.tree.instructions]
    for keyword in KEYWORDS:
        for stage in file.stages if keywords.count(keyword) > 1 else ():
            steps = tuple(stage.of(keyword))
            yield from (fix(step, steps[-1]) for step in steps[:-1])


def fix(step: api.Step, last: api.Step) -> api.Fix:
    return api.Fix(
        title=f"drop the {step.keyword} that a later one replaces",
        edits=api.remove(step),
        evidence=(
            api.proven(f"the same stage has another {step.keyword} below", last),
            api.known("the last one of a stage is the only one in force (Dockerfile reference)"),
        ),
        span=step.span,
    )
