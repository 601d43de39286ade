"""Dockerfiles made from pieces: every layout trick of the language, on bodies that are plausible.

`dockerfiles` are meant to be accepted by BuildKit; `scraps` are not meant to be anything.
"""

from functools import cache
from itertools import product
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

NAMES = st.sampled_from(["app", "build", "deps", "x1", "base-2"])
IMAGES = st.sampled_from(
    [
        "debian:12",
        "python:3.12-slim",
        "alpine",
        "scratch",
        "node:22@sha256:" + "0" * 64,
        "$BASE",
        "${BASE:-golang:1.23}",
    ]
)
PLAIN = st.sampled_from(
    [
        "a",
        "/app",
        "./x/",
        "--yes",
        "&&",
        "|",
        ";",
        "curl",
        "$HOME",
        "${V:-x y}",
        "'a b'",
        '"c  d"',
        "e\\ f",
        "1>&2",
        "*.py",
    ]
)
ODD = st.sampled_from(
    ["'it''s'", '"#"', "#x", "é", "[x]", "=", "{{.Field}}", "`date`", "a\\\\b", "\u00a0", "$(( 1 + 2 ))"]
)
COMMENTS = st.sampled_from(
    ["# note", "#", "  # indented \\", "\t# tab", "# escape=`", "# a `", "#!shebang", "# ünïcode"]
)
FLAGS = st.sampled_from(
    ["--mount=type=cache,target=/c", "--network=none", "--link", "--chown=1:2", "--x='a b'", '--y="z"', "--from=build"]
)
PAIRS = st.sampled_from(["A=1", "B='b c'", 'C="d e"', "D=$A/x", "E=", 'F="a\\"b"', "G=h\\ i", "PATH=/x:$PATH"])
BODY_LINES = st.sampled_from(
    [
        "echo hi",
        "# not a comment",
        "",
        "  indented \\",
        "\ttabbed",
        "FROM nothing",
        "cat <<X",
        "${V}",
        "'open",
        "EO",
        " EOF",
    ]
)


class Style(NamedTuple):
    """How one file is laid out."""

    newline: str
    escape: str
    upper: bool


@st.composite
def keywords(draw: DrawFn, style: Style, word: str) -> str:
    if style.upper:
        return word
    return draw(st.sampled_from([word.lower(), word.title(), word]))


@cache
def joints(style: Style) -> SearchStrategy[str]:
    """White space between two words: mostly a space, sometimes a continuation with what may stand in it."""
    newline = style.newline
    comments = ("# note", "#", f"  # indented {style.escape}", "\t# tab", "# escape=`", "# ünïcode", "", "  ")
    between = ("", *(f"{line}{newline}" for line in comments), f"# a{newline}{newline}  # b{newline}")
    ends = (style.escape + newline, style.escape + " \t" + newline, style.escape + newline)
    broken = [
        before + ends[number % 3] + lines + ("    ", " ", "\t", "")[number % 4]
        for number, (before, lines) in enumerate(product((" ", "", "\t"), between))
    ]
    return st.sampled_from([*[" "] * 60, *["  ", "\t"] * 10, *broken])


@st.composite
def joined(draw: DrawFn, style: Style, words: list[str]) -> str:
    gaps = draw(st.lists(joints(style), min_size=len(words) - 1, max_size=len(words) - 1))
    return words[0] + "".join(gap + word for gap, word in zip(gaps, words[1:], strict=True))


def json_arrays() -> SearchStrategy[str]:
    strings = st.sampled_from(['"a"', '"/bin/sh"', '"-c"', '"x \\"y\\" \\u00e9"', '""', '"$HOME"', '"\\n"'])
    gaps = st.sampled_from([", ", ",", " , "])
    return st.tuples(st.lists(strings, max_size=3), gaps).map(lambda drawn: "[" + drawn[1].join(drawn[0]) + "]")


@st.composite
def heredoc_instructions(draw: DrawFn, style: Style) -> str:
    """RUN or COPY (perhaps in ONBUILD) with one or two heredocs."""
    names = draw(st.lists(st.sampled_from(["EOF", "X", "end-1"]), min_size=1, max_size=2, unique=True))
    keyword = draw(keywords(style, draw(st.sampled_from(["RUN", "COPY", "ADD", "ONBUILD RUN"]))))
    openers, bodies = [], []
    for name in names:
        tabs = draw(st.booleans())
        quote = draw(st.sampled_from(["", "", "'", '"']))
        number = draw(st.sampled_from(["", "", "3"]))
        openers.append(f"{number}<<{'-' if tabs else ''}{quote}{name}{quote}")
        end = ("\t" if tabs and draw(st.booleans()) else "") + name
        bodies += [*draw(st.lists(BODY_LINES, max_size=3)), end]
    before = draw(st.lists(st.sampled_from(["cat", "-", "sh"]), max_size=1))
    first = draw(joined(style, [keyword, *before, *openers, "/dest"]))
    return style.newline.join([first, *bodies])


@st.composite
def instructions(draw: DrawFn, style: Style) -> str:
    """One instruction other than FROM, over as many lines as it takes, without the last newline."""
    kind = draw(
        st.sampled_from(["RUN", "COPY", "ENV", "legacy", "json", "heredoc", "one", "HEALTHCHECK", "ONBUILD", "ARG"])
    )
    match kind:
        case "RUN":
            words = [
                *draw(st.lists(FLAGS, max_size=1)),
                "cmd",
                *draw(st.lists(st.one_of(PLAIN, PLAIN, ODD), max_size=6)),
            ]
        case "COPY":
            kind = draw(st.sampled_from(["COPY", "ADD"]))
            words = [*draw(st.lists(FLAGS, max_size=2)), *draw(st.lists(PLAIN, min_size=1, max_size=2)), "/dest/"]
        case "ENV":
            kind = draw(st.sampled_from(["ENV", "LABEL"]))
            words = draw(st.lists(PAIRS, min_size=1, max_size=3))
        case "ARG":
            words = draw(st.lists(st.one_of(PAIRS, NAMES), min_size=1, max_size=2))
        case "legacy":
            kind, words = "ENV", ["NAME", *draw(st.lists(PLAIN, min_size=1, max_size=3))]
        case "json":
            kind = draw(st.sampled_from(["CMD", "ENTRYPOINT", "RUN", "SHELL", "VOLUME", "COPY"]))
            words = [draw(json_arrays())]
        case "heredoc":
            return draw(heredoc_instructions(style))
        case "one":
            kind = draw(st.sampled_from(["WORKDIR", "USER", "STOPSIGNAL", "EXPOSE", "MAINTAINER", "CMD", "VOLUME"]))
            words = [draw(PLAIN)]
        case "HEALTHCHECK":
            words = draw(
                st.sampled_from([["NONE"], ["--interval=5s", "CMD", "curl", "-f", "x"], ["CMD", '["a", "b"]']])
            )
        case _:
            words = [draw(keywords(style, "RUN")), "x", *draw(st.lists(PLAIN, max_size=3))]
    return draw(joined(style, [draw(keywords(style, kind)), *words]))


@st.composite
def stages(draw: DrawFn, style: Style) -> list[str]:
    words = [draw(keywords(style, "FROM"))]
    words += draw(st.sampled_from([[], [], ["--platform=$BUILDPLATFORM"]]))
    words.append(draw(IMAGES))
    if draw(st.booleans()):
        words += [draw(keywords(style, "AS")), draw(NAMES)]
    blanks = st.sampled_from(["", "   ", "\t"])
    between = st.one_of(instructions(style), instructions(style), instructions(style), COMMENTS, blanks)
    indent = draw(st.sampled_from(["", "", "  ", "\t"]))
    return [draw(joined(style, words)), *(indent + piece for piece in draw(st.lists(between, max_size=6)))]


@st.composite
def dockerfiles(draw: DrawFn) -> str:
    """A whole file: perhaps a BOM, directives, comments, ARG, then stages; perhaps no newline at the end."""
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    escape = draw(st.sampled_from(["\\", "\\", "`"]))
    style = Style(newline, escape, draw(st.booleans()))
    directives = draw(
        st.sampled_from([[], ["# syntax=docker/dockerfile:1"], ["#check=skip=all"], ["  #  SyNtax = x/y "]])
    )
    lines = list(directives)
    if escape == "`":
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(["# escape=`", "#Escape = `\t"])))
    lines += draw(st.lists(st.one_of(COMMENTS.filter(lambda line: "=" not in line), st.just("")), max_size=2))
    if draw(st.booleans()):
        lines.append(draw(keywords(style, "ARG")) + " BASE=debian")
    for stage in draw(st.lists(stages(style), min_size=1, max_size=3)):
        lines += stage
    bom = "\ufeff" if draw(st.integers(0, 5)) == 0 else ""
    return bom + newline.join(lines) + draw(st.sampled_from(["", newline]))


def scraps() -> SearchStrategy[bytes]:
    """Bytes around which parsers trip: pieces of Dockerfiles in no order."""
    lines = ["\n", "\r\n", "\\\n", "`\n", "EOF\n", "FROM x\n", "\n", " ", " ", "\t", "#", "#escape=`", "#syntax=a"]
    keywords = ["FROM", "RUN", "ONBUILD", "COPY", "ENV", "LABEL", "ARG", "CMD", "HEALTHCHECK", "SHELL"]
    signs = ["<<EOF", "<<-", "<<", "<<<", "EOF", "'", '"', "\\", "`", "$", "${", "}", "$X", "${X:-a}", "{{", "}}", "="]
    values = ["[", "]", '["a"]', ",", "-", "--", "--a", "--b=c", "A=1", "0", "1e999", "null", "x"]
    rare = ["\x00", "\x0b", "\x0c", "\x1c", "\r", "\u00a0", "\u2028", "\ufeff", "é"]
    raw = [*(piece.encode() for piece in (*lines, *keywords, *signs, *values, *rare)), b"\xff", b"\xa0"]
    return st.lists(st.sampled_from(raw), max_size=30).map(b"".join)
