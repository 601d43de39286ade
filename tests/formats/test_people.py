"""The comment and the page: what they say, that no file breaks out of them, and what a browser makes of the page."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dockopt.report.comment import LENGTH_AT_MOST, MARK
from tests.formats.runs import CACHED, SEVERAL, dockopt, environment, write

SELECTED = ("--select", "remove-apt-lists")
HOSTILE = {
    "<img src=x onerror=x()> @team |`*/Dockerfile": (
        "FROM debian:12 AS b\n"
        "# </pre></details><script>document.title = 'owned'</script>\n"
        "RUN apt-get update && apt-get install -y curl # ```\n"
        "# ````\n"
    ),
    "plain/Dockerfile": SEVERAL,
}


def comment(folder: Path, *arguments: str) -> str:
    done = dockopt(folder, "fix", "--check", "--format", "markdown", *arguments)
    assert done.errors == b""
    return done.out.decode()


def page(folder: Path, *arguments: str) -> str:
    done = dockopt(folder, "fix", "--check", "--format", "html", *arguments)
    assert done.errors == b""
    return done.out.decode()


def test_comment(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": CACHED})
    text = comment(tmp_path, *SELECTED)
    before, after, saves = re.findall(r"\| ([\d.]+ MB)(?= \|)", text)
    assert text == (
        f"{MARK}\n"
        f"### dockopt: 1 fix could change 1 Dockerfile, saves {saves}\n\n"
        "| Dockerfile | fixes | before | after | saves |\n"
        "|---|---:|---:|---:|---:|\n"
        f"| <code>Dockerfile</code> | 1 | {before} | {after} | {saves} |\n\n"
        "<details>\n"
        f"<summary><code>Dockerfile</code>: 1 fix, {_less(text)} smaller</summary>\n\n"
        "1. **remove apt's package lists in the RUN that fetched them** "
        f"(`remove-apt-lists`, line 2; safe level; saves {saves})\n"
        "   - the lists are fetched here and not removed\n"
        "   - no later instruction reads them\n\n"
        "```diff\n"
        "--- a/Dockerfile\n"
        "+++ b/Dockerfile\n"
        "@@ -1,2 +1,2 @@\n"
        " FROM debian:12\n"
        "-RUN apt-get update && apt-get install -y curl\n"
        "+RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"
        f"```\n\n{_costs(text)}</details>\n\n"
    )


def _less(text: str) -> str:
    return re.search(r"(\d+%) smaller", text)[1]  # type: ignore[index]


def _costs(text: str) -> str:
    found = re.search(r"^pull .*\n\n", text, re.MULTILINE)
    return found[0] if found else ""


def test_nothing_to_say(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": "FROM scratch\n"})
    assert comment(tmp_path) == f"{MARK}\n### dockopt: nothing to change\n\n"


def test_a_comment_has_room_for_so_much(tmp_path: Path) -> None:
    many = {f"service-{number:03d}/Dockerfile": SEVERAL for number in range(90)}
    write(tmp_path, many)
    text = comment(tmp_path, ".")
    assert 0.8 * LENGTH_AT_MOST < len(text) < LENGTH_AT_MOST + 200
    assert "| and 40 more | | | | |" in text
    shown = text.count("<details>")
    assert text.endswith(f"\n{90 - shown} more files found no room here; `dockopt fix --diff` shows all.\n")


def test_a_file_cannot_break_out_of_a_comment(tmp_path: Path) -> None:
    write(tmp_path, HOSTILE)
    text = comment(tmp_path, *SELECTED, ".")
    assert "<img" not in re.sub(r"^(`{3,})diff\n.*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    fences = re.findall(r"^`{3,}(?:diff)?$", text, re.MULTILINE)
    assert sorted(fences) == ["```", "`````", "`````diff", "```diff"]
    assert text.count("<details>") == text.count("</details>") - 1 == 2  # one of them is within a fence


def test_what_was_verified_is_said(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": CACHED})
    fix = {
        "number": 1,
        "transform": "remove-apt-lists",
        "title": "remove apt's package lists in the RUN that fetched them",
        "line": 2,
    }
    answers = [{"question": "command", "good": True, "value": "runs"}]
    entry = {
        "path": "Dockerfile",
        "verdict": "verified",
        "objections": [],
        "fixes": [fix],
        "before": {"size": 160_000_000, "answers": answers},
        "after": {"size": 140_000_000, "answers": answers},
    }
    place = tmp_path / "verified.json"
    place.write_text(json.dumps({"schema": 1, "files": [entry]}))
    said = "Dockerfile, with all its fixes: verified by building: 160 MB to 140 MB, 12% smaller; 1 answer alike."
    options = (*SELECTED, "--verified", str(place))
    assert said in comment(tmp_path, *options).splitlines()
    assert said in dockopt(tmp_path, "fix", "--format", "patch", *options).out.decode().splitlines()
    place.write_text(json.dumps({"schema": 1, "files": [entry | {"fixes": []}]}))
    other = "Dockerfile: verified with other fixes than these; nothing is said of these."
    assert other in comment(tmp_path, *options).splitlines()
    place.write_text("[]")
    done = dockopt(tmp_path, "fix", "--check", "--format", "markdown", *options)
    assert (done.status, done.errors) == (
        2,
        f"dockopt: {place} is not what `dockopt verify --format json` writes\n".encode(),
    )


class Elements(HTMLParser):
    """Names of the elements with what could run in them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        assert not [name for name, _ in attributes if name.startswith("on") or name == "src"]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_well_formed_and_needs_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, HOSTILE)
    text = page(tmp_path, ".")
    elements = Elements()
    elements.feed(text)
    assert elements.open == []
    assert elements.found.count("script") == 1
    assert elements.found.count("details") == 2
    assert not {"img", "link", "iframe"} & set(elements.found)
    assert "http:" not in text
    assert "https:" not in text


def test_evidence_stands_beside_its_lines(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": SEVERAL})
    first, second = page(tmp_path, *SELECTED).split('<div class="hunk">')[1:]
    for number, hunk, package in ((1, first, "curl"), (2, second, "git")):
        assert re.findall(r"<strong>(\d)\. ", hunk) == [str(number)]
        assert re.findall(r'class="add">(.*?)</span>', hunk) == [
            f"+RUN apt-get update &amp;&amp; apt-get install -y {package} &amp;&amp; rm -rf /var/lib/apt/lists/*"
        ]


def test_what_the_run_comes_to(tmp_path: Path) -> None:
    files = {"a/Dockerfile": SEVERAL, "b/Dockerfile": CACHED, "compose.yaml": "services: {one: {build: a}}\n"}
    write(tmp_path, files)
    sums = page(tmp_path, ".", *SELECTED).partition('<div class="sums">')[2].partition("</div>")[0]
    assert [re.findall(r"<td[^>]*>(.*?)</td>", row)[:3] for row in sums.split("<tr>")[1:] if "<td" in row] == [
        ["remove-apt-lists", "2", "3"],
        ["one", "1", "2"],
    ]
    assert 'class="sums"' not in page(tmp_path, "a", *SELECTED).partition("<body>")[2]


@pytest.mark.skipif(not shutil.which("chromium"), reason="no browser here")
def test_page_in_a_browser(tmp_path: Path) -> None:
    write(tmp_path, HOSTILE)
    probe = """<script>
    const names = () => [...document.querySelectorAll("td.path")].map(cell => cell.textContent);
    const button = document.querySelector("th button"), seen = [names()];
    button.click(); seen.push(names());
    button.click(); seen.push(names());
    const hunk = document.querySelector(".hunk").getBoundingClientRect();
    document.title = JSON.stringify([document.title, seen, hunk.width]);
    </script></body>"""
    place = tmp_path / "page.html"
    place.write_text(page(tmp_path, ".").replace("</body>", probe), encoding="utf-8")
    options = (
        "--headless --no-sandbox --disable-gpu --virtual-time-budget=2000 --window-size=1300,900 --dump-dom".split()
    )
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    done = subprocess.run(
        ["chromium", *options, profile, f"{place.as_uri()}#f2"],
        capture_output=True,
        check=True,
        timeout=120,
        env=environment(tmp_path),
    )
    parser = Title()
    parser.feed(done.stdout.decode())
    title, (first, down, up), width = json.loads(parser.text)
    assert title == "dockopt report"
    assert first == ["plain/Dockerfile", "<img src=x onerror=x()> @team |`*/Dockerfile"]
    assert down == first
    assert up == first[::-1]
    assert 0 <= width <= 1300


class Title(HTMLParser):
    text = ""
    within = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.within = tag == "title" and not attributes

    def handle_data(self, data: str) -> None:
        self.text += data if self.within else ""

    def handle_endtag(self, tag: str) -> None:
        self.within &= tag != "title"


def test_fail_over(tmp_path: Path) -> None:
    write(tmp_path, {"Dockerfile": CACHED})
    for limit, status in (("1kB", 1), ("5MB", 1), ("0.1GiB", 0), ("1GB", 0), ("0", 1)):
        assert dockopt(tmp_path, "fix", "--check", *SELECTED, "--fail-over", limit).status == status
    assert dockopt(tmp_path, "fix", "--diff", "--format", "diff", *SELECTED, "--fail-over", "1GB").status == 0
    for wrong in ("MB", "-1MB", "5 apples", "inf", ""):
        done = dockopt(tmp_path, "fix", "--check", "--fail-over", wrong)
        assert (done.status, b"is no size such as 50MB" in done.errors) == (2, True)
    assert dockopt(tmp_path, "fix", "--fail-over", "1MB").status == 2
