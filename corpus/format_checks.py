"""Documents in every format against their schema, or read by somebody else's program that takes them.

Each check gives the number of what is right and of all there is; nothing here runs dockopt.
"""

import csv
import io
import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
from markdown_it import MarkdownIt
from tests.formats.schemas import GITLAB, RDJSON, sarif_schema

SCHEMA = Path(__file__).resolve().parent.parent / "docs" / "schema-1.json"
COMMENT_AT_MOST = 65_536
"""Characters that GitHub takes."""
COMMAND = re.compile(r"::(warning|notice|error) ((?:[a-zA-Z]+=[^,:\r\n]+)(?:,[a-zA-Z]+=[^,:\r\n]+)*)::(.*)")
WITHOUT_END = frozenset({"meta", "br"})
Json = Any


class Right(NamedTuple):
    """How many of some things are as they should be."""

    what: str
    right: int
    of: int


def told(what: str, answers: list[bool]) -> Right:
    return Right(what, sum(answers), len(answers))


def sarif(data: bytes, folder: Path) -> Iterator[Right]:
    document = json.loads(data)
    yield told("fits the schema of SARIF 2.1.0", [fits(document, sarif_schema())])
    results = document["runs"][0]["results"]
    marks = {(_uri(one), one["partialFingerprints"]["dockopt/v1"]) for one in results}
    yield Right("fingerprints that no other result of the file has", len(marks), len(results))
    places = [(_uri(one), one["locations"][0]["physicalLocation"].get("region", {})) for one in results]
    lines = [(path, region.get("startLine", 1), region.get("endLine", 1)) for path, region in places]
    yield told("results on lines that are there", [_are_there(folder, *one) for one in lines])
    offered = [one for one in results if one["level"] == "warning"]
    yield Right("applied fixes that can be taken by themselves", sum("fixes" in one for one in offered), len(offered))


def rdjson(data: bytes, folder: Path) -> Iterator[Right]:
    document = json.loads(data)
    yield told("fits the schema of rdjson", [fits(document, RDJSON)])
    found = document["diagnostics"]
    yield told("suggestions for whole lines that are there", [_whole_lines(folder, one) for one in found])


def gitlab(data: bytes, folder: Path) -> Iterator[Right]:
    found = json.loads(data)
    yield told("fits the schema of code quality reports", [fits(found, GITLAB)])
    marks = {one["fingerprint"] for one in found}
    yield Right("fingerprints that no other finding has", len(marks), len(found))
    lines = [(one["location"]["path"], *one["location"]["lines"].values()) for one in found]
    yield told("findings on lines that are there", [_are_there(folder, *one) for one in lines])


def github(data: bytes, folder: Path) -> Iterator[Right]:
    """As the runner splits its workflow commands."""
    found = [COMMAND.fullmatch(line) for line in data.decode().splitlines()]
    yield told("lines that the runner takes for annotations", [match is not None for match in found])
    named = [dict(pair.split("=", 1) for pair in match[2].split(",")) for match in found if match]
    lines = [
        (_plain(one["file"]), int(one.get("line", 1)), int(one.get("endLine", one.get("line", 1)))) for one in named
    ]
    yield told("annotations on lines that are there", [_are_there(folder, *one) for one in lines])


def document(data: bytes, folder: Path) -> Iterator[Right]:
    """Our own JSON, with a git that looks at each diff by itself."""
    found = json.loads(data)
    yield told("fits its schema", [fits(found, json.loads(SCHEMA.read_bytes()))])
    diffs = [one["diff"].encode("utf-8", "surrogateescape") for one in found["files"] if one["diff"]]
    yield told("git apply --check of each diff", [git_takes(folder, diff, "--check") for diff in diffs])
    table = found["summary"]
    saved = sum(one["estimate"]["saves"]["expected"] for one in found["files"] if one["diff"] and one["estimate"])
    yield told("savings in the summary are those of the files", [table["saves"]["expected"] == saved])


def markdown(data: bytes, folder: Path) -> Iterator[Right]:  # noqa: ARG001 - as the others
    """As CommonMark with tables has it."""
    text = data.decode()
    yield told("short enough, with its mark", [len(text) < COMMENT_AT_MOST and text.startswith("<!-- dockopt -->\n")])
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    fences = [token for token in tokens if token.type == "fence"]
    yield told("fences that hold a diff or a file", [token.info in ("diff", "text", "") for token in fences])
    html = "".join(token.content for token in tokens if token.type == "html_block")
    balanced = all(html.count(f"<{name}>") == html.count(f"</{name}>") for name in ("details", "summary"))
    yield told("what opens is closed", [balanced])
    diffs = [token for token in fences if token.info == "diff"]
    yield told("diffs that begin with a file's head", [token.content.startswith("--- ") for token in diffs])


def table(data: bytes, folder: Path) -> Iterator[Right]:
    """CSV, as Python's reader takes it."""
    rows = list(csv.DictReader(io.StringIO(data.decode()), strict=True))
    whole = [None not in row and None not in row.values() for row in rows]
    yield told("rows as long as the head", whole)
    numbers = ("fixes", "withheld", "saves_low", "saves_expected", "saves_high", "before", "after")
    plain = [all(row[name].lstrip("-").isdigit() for name in numbers if row[name]) for row in rows]
    yield told("rows with whole numbers", plain)
    files = sum(1 for _ in folder.rglob("Dockerfile"))
    yield Right("files with a row", len(rows), files)


def page(data: bytes, folder: Path) -> Iterator[Right]:  # noqa: ARG001 - as the others
    reader = _Elements()
    reader.feed(data.decode())
    yield told("elements that open and close in order", [not reader.wrong and not reader.open])
    yield told("links that lead somewhere", [one in reader.names for one in reader.links])


def in_browser(place: Path, profile: Path) -> Iterator[Right]:
    """The page as Chromium builds it, after a click on each head of its table."""
    probe = """<script>
    const heads = [...document.querySelectorAll("th")], rows = () => [...document.querySelectorAll("tbody tr")];
    const value = (row, at) => row.children[at].dataset.value ?? row.children[at].textContent;
    const sorted = heads.map((head, at) => {
      head.querySelector("button").click();
      const number = head.classList.contains("number"), down = head.getAttribute("aria-sort") === "descending";
      const order = (a, b) => number ? value(a, at) - value(b, at) : value(a, at).localeCompare(value(b, at));
      const all = rows();
      return all.every((row, n) => !n || (down ? order(all[n - 1], row) >= 0 : order(all[n - 1], row) <= 0));
    });
    document.title = JSON.stringify(sorted);
    </script></body>"""
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("</body>", probe), encoding="utf-8")
    options = "--headless --no-sandbox --disable-gpu --virtual-time-budget=20000 --dump-dom".split()
    command = ["chromium", *options, f"--user-data-dir={profile}", place.as_uri()]
    done = subprocess.run(command, capture_output=True, check=True, timeout=600)
    title = done.stdout.partition(b"<title>")[2].partition(b"</title>")[0]
    yield told("columns that Chromium sorts by a click", json.loads(title))


CHECKS: Mapping[str, Callable[[bytes, Path], Iterator[Right]]] = {
    "json": document,
    "sarif": sarif,
    "rdjson": rdjson,
    "gitlab": gitlab,
    "github": github,
    "csv": table,
    "html": page,
}


def fits(document: Json, schema: Json) -> bool:
    return not list(jsonschema.validators.validator_for(schema)(schema).iter_errors(document))


def git_takes(folder: Path, patch: bytes, *options: str) -> bool:
    command = ["git", "apply", *options]
    return subprocess.run(command, cwd=folder, input=patch, capture_output=True, check=False).returncode == 0


def _uri(result: Json) -> str:
    return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def _are_there(folder: Path, path: str, first: int, last: int) -> bool:
    """Whether a file has some lines; a line break ends a line, so what follows the last one is none."""
    return 1 <= first <= last <= max(1, len((folder / path).read_bytes().splitlines()))


def _whole_lines(folder: Path, diagnostic: Json) -> bool:
    """Whether the ranges of suggestions begin where lines do and end where lines end."""
    lines = (folder / diagnostic["location"]["path"]).read_bytes().split(b"\n")
    ranges = [(one["range"]["start"], one["range"]["end"]) for one in diagnostic.get("suggestions", ())]
    return all(start["column"] == 1 and end["column"] == len(lines[end["line"] - 1]) + 1 for start, end in ranges)


def _plain(text: str) -> str:
    for code, character in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


class _Elements(HTMLParser):
    """What opens and closes, what is named and what is linked."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []
        self.wrong = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.names |= {found.get("id") or ""}
        self.links += [(found["href"] or "").removeprefix("#")] if "href" in found else []
        if tag not in WITHOUT_END:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.wrong |= not self.open or self.open.pop() != tag
