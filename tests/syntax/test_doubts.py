"""Files that are not rewritten: templates, conflicts, unknown instructions, binary data; and their innocent twins."""

import pytest

from dockopt.syntax.parser import parse
from dockopt.text.source import SourceText

TEMPLATE = "unrendered template: render it to a Dockerfile first"
BASE = "unrendered template: the base image is a placeholder"
PLACEHOLDER = "unrendered template: a placeholder stands where an instruction should"
CONFLICT = "merge-conflict marker: resolve the conflict first"
NOT_ASCII = "a flag is not ASCII, which BuildKit reads byte by byte"


def doubts(text: str) -> list[tuple[int, str]]:
    return list(parse(SourceText(text)).doubts)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("FROM {{ base }}\n", 1, BASE),
        ("FROM debian:%%SUITE%%-slim\n", 1, BASE),
        ("FROM @BASE@\n", 1, BASE),
        ("FROM a:${templateOption:imageVariant}\n", 1, BASE),
        ("FROM a\n{{ install }}\n", 2, PLACEHOLDER),
        ("FROM a\n@INSTALL@\n", 2, PLACEHOLDER),
        ("FROM a\n${INSTALL}\n", 2, PLACEHOLDER),
        ("FROM a\n{% if x %}\nRUN y\n{% endif %}\n", 2, TEMPLATE),
        ("FROM a\nRUN x \\\n{{ if .Y }}\n y\n", 3, TEMPLATE),
        ("FROM a\nRUN x {% if y %}z{% endif %}\n", 2, TEMPLATE),
        ("FROM a\n# {{- range .X }}\nRUN x\n", 2, TEMPLATE),
        ("FROM a\n<% if x %>\n", 2, TEMPLATE),
        ("FROM a\nRUN x \\\n<<<<<<< HEAD\n y \\\n=======\n z\n>>>>>>> other\n", 3, CONFLICT),
        ("FROM a\nRUN <<EOF\n<<<<<<< HEAD\nx\nEOF\n", 3, CONFLICT),
        ("FROM a\nRUN a\0b\n", 2, "binary content: the file holds a NUL byte"),
        ("FROM a\nNOPE b\n", 2, "unknown instruction: NOPE; is a continuation character missing at the end of line 1?"),
        ("FROM a\n\n\x1b[x b\n", 3, "unknown instruction: '\\x1b[x'"),
        (
            "FROM a\nONBUILD NOPE b\n",
            2,
            "unknown instruction: NOPE; is a continuation character missing at the end of line 1?",
        ),
        ("FROM a\nRUN x\n\\\n", 3, "a continuation with nothing to continue"),
        ("RUN x\nFROM a\n", 1, "RUN stands before the first FROM"),
        ("ARG X\n", 1, "no FROM: not a complete Dockerfile"),
        ("FROM a\nCOPY --from=é x y\n", 2, NOT_ASCII),
        ("FROM a\nONBUILD ONBUILD RUN x\n", 2, "ONBUILD cannot trigger ONBUILD"),
    ],
)
def test_doubtful(text: str, line: int, message: str) -> None:
    assert doubts(text)[0] == (line, message)


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN docker inspect --format '{{.State}}' x\n",
        "FROM a\nHEALTHCHECK CMD docker ps --format {{.ID}}\n",
        "FROM a\nRUN curl -w '%{http_code}' x && awk '{%d}' y\n",
        "FROM a\nRUN cat <<EOF\n{{ if .X }}\n{% if y %}\n=======\n<%= z %>\nEOF\n",
        "FROM a\nRUN echo ======= \\\n  && echo '<<<<<<<'\n",
        "FROM a\n# =======\n# see {{ .Values.x }}\nRUN y\n",
        "ARG BASE=b\nFROM ${BASE}@sha256:0 AS c\nFROM ${X:-y}${Z:+z}${W:?no}\n",
        "FROM a\nRUN echo é\n",
    ],
)
def test_innocent(text: str) -> None:
    assert doubts(text) == []


def test_one_doubt_a_line_in_the_order_of_the_file() -> None:
    assert doubts("RUN x\n{{ y }}\nFROM @B@\nZ\n") == [
        (1, "RUN stands before the first FROM"),
        (2, PLACEHOLDER),
        (3, BASE),
        (4, "unknown instruction: Z; is a continuation character missing at the end of line 3?"),
    ]
