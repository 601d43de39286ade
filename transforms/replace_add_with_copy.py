r"""Say `COPY` where `ADD` only copies.

`ADD` also downloads, clones and unpacks; the day somebody puts an archive in a file's place, it does something else.

The image stays the same, so that the fix runs only with `--preset style` or by name.  It is safe for folders, whose
archives `ADD` leaves alone, and standard for single files that are no archives by their names or by what the build
context holds.  Left alone: addresses, git references, variables without a value, archives, names that tell nothing,
and flags that COPY does not have.

See also: hadolint DL3020.
"""

from collections.abc import Iterator

from dockopt import api

EXAMPLES = (
    api.changes(
        """
        FROM debian:12
        ADD . /app
        add conf/ /etc/app/
        """,
        """
        FROM debian:12
        COPY . /app
        copy conf/ /etc/app/
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ADD --chown=1000:1000 requirements.txt ./setup.py /app/
        """,
        """
        FROM debian:12
        COPY --chown=1000:1000 requirements.txt ./setup.py /app/
        """,
    ),
    api.changes(
        """
        FROM debian:12
        ADD src tool /app/
        """,
        """
        FROM debian:12
        COPY src tool /app/
        """,
        context={"src/main.c": "", "tool": "#!/bin/sh\n"},
    ),
    api.changes(
        """
        FROM debian:12
        ARG CONF=nginx.conf
        ADD ["${CONF}", "/etc/nginx/nginx.conf"]
        """,
        """
        FROM debian:12
        ARG CONF=nginx.conf
        COPY ["${CONF}", "/etc/nginx/nginx.conf"]
        """,
    ),
    api.unchanged(
        """
        FROM debian:12
        ADD requirements.txt /app/
        """,
        because="the name of a file proves little",
        level=api.Level.SAFE,
    ),
    api.unchanged(
        """
        FROM debian:12
        ADD requirements.txt rootfs.tar.gz /app/
        """,
        because="ADD unpacks the archive",
    ),
    api.unchanged(
        """
        FROM debian:12
        ADD https://example.org/settings.json /app/
        """,
        because="ADD downloads it",
    ),
    api.unchanged(
        """
        FROM debian:12
        ADD git@example.org:one/two.txt /app/
        ADD example.org/tool.git /tool/
        """,
        because="ADD clones it",
    ),
    api.unchanged(
        """
        FROM debian:12
        ADD src /app/
        """,
        because="src may be an archive without an ending",
    ),
    api.unchanged(
        """
        FROM debian:12
        ARG CONF
        ADD $CONF /app/
        """,
        because="the source is not known",
    ),
    api.unchanged(
        """
        FROM debian:12
        ADD --checksum=sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 a.txt /app/
        """,
        because="COPY has no such flag",
    ),
)


@api.transform(
    phase=api.Phase.SPELLING,
    may_change={api.Aspect.FILES, api.Aspect.LAYERS},
    only_with={"ADD"},
    examples=EXAMPLES,
    purpose=api.Purpose.STYLE,
)
def apply(file: api.Dockerfile) -> Iterator[api.Fix]:
    for stage in file.stages:
        for add in stage.copies:
            if add.keyword == "ADD" and (evidence := api.plain_add(file, add)):
                yield api.Fix(
                    title="COPY instead of ADD",
                    edits=api.respell_keyword(add, "COPY"),
                    evidence=evidence,
                    span=add.span,
                )
