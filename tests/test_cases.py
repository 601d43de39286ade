"""Cases from tests/cases and tests/practices: what dockopt makes of small traps, every transform on, and why.

A `##` heading names a case. Blocks are fenced; after the fence stand a word and options:

    ```before              the Dockerfile; `before crlf`, `before bom` and `before open` (no last newline) spell it so
    ```after               what comes out at the levels standard and aggressive; `after standard` where they differ
    ```unchanged           the Dockerfile, which must come out as it is (no other block is needed then)
    ```file a/b.txt        a file of the build context; without any there is no context
    ```changed .dockerignore   another file as it is then, at every level
    only: merge-runs       a line of prose: only these transforms run
    with: few-layers       a line of prose: the setting is on; so for `buildkit`
    broken: merge-runs     a line of prose: known to be wrong today, and the transform at fault

UPDATE_CASES=1 writes the present results, but for broken cases, into the files; read the diff before you keep it.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dockopt.config import Settings
from dockopt.context.tree import Context, MemoryContext
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.engine.registry import find
from dockopt.fixes import Level
from tests.laws import broken
from tests.trivia import byte_order_mark, windows_newlines

FOLDERS = (Path(__file__).parent / "cases", Path(__file__).parent / "practices")
ADVERSARIAL = Path(__file__).parents[2] / "shared" / "cases"
LEVELS = (Level.STANDARD, Level.AGGRESSIVE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
BLOCK = re.compile(r"^```(before|after|unchanged|file|changed)\b ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
MARK = re.compile(r"^(only|with|broken): (.+)$", re.MULTILINE)
SPELLINGS: dict[str, Callable[[str], str]] = {
    "crlf": windows_newlines,
    "bom": byte_order_mark,
    "open": lambda text: text.removesuffix("\n"),
}


@dataclass(frozen=True)
class Case:
    """One named case; `after` by level label, `texts` the context's files."""

    path: Path
    name: str
    before: str
    after: dict[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    broken: str = ""
    with_: str = ""
    changed: dict[str, str] = field(default_factory=dict)

    @property
    def context(self) -> Context | None:
        return MemoryContext(self.texts) if self.texts else None

    def settings(self, level: Level) -> Settings:
        fewer, buildkit = self.with_ == "few-layers", self.with_ == "buildkit"
        return Settings(level=level, select=self.only, few_layers=fewer, buildkit=buildkit)

    def run(self, level: Level) -> Outcome:
        return optimize(self.before, self.settings(level), self.context)


def pages() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted(folder.glob("*.md"))]


def cases() -> Iterator[Case]:
    for path in pages():
        for name, section in sections(path.read_text(encoding="utf-8")):
            yield read_case(path, name, section)


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Name and text of each case, its heading left out."""
    headings = list(HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return ((heading[1], text[heading.end() : end]) for heading, end in zip(headings, ends, strict=True))


def read_case(path: Path, name: str, section: str) -> Case:
    before, after, texts, spelling = "", dict[str, str](), dict[str, str](), ""
    changed: dict[str, str] = {}
    for block in BLOCK.finditer(section):
        kind, option, text = block[1], block[2].strip(), block[3]
        if kind in ("file", "changed"):
            (texts if kind == "file" else changed)[option] = text
        elif kind == "after":
            after |= dict.fromkeys(option.split() or [level.label for level in LEVELS], text)
        else:
            before, spelling = text, option
            if kind == "unchanged":
                after = {level.label: text for level in LEVELS}
    marks = dict(MARK.findall(section))
    names = frozenset(label.strip().replace("-", "_") for label in marks.get("only", "").split(",") if label.strip())
    spell = SPELLINGS.get(spelling, str)
    after = {level: spell(text) for level, text in after.items()}
    said = marks.get("broken", ""), marks.get("with", "")
    return Case(path, name, spell(before), after, texts, names, *said, changed)


CASES = [
    pytest.param(
        case,
        level,
        id=f"{case.path.stem}-{case.name.replace(' ', '-')}-{level.label}",
        marks=[pytest.mark.xfail(reason=case.broken, strict=False)] if case.broken else [],
    )
    for case in cases()
    for level in LEVELS
]


@pytest.mark.parametrize(("case", "level"), CASES)
def test_case(case: Case, level: Level) -> None:
    for name in case.only:
        find(name)
    outcome = case.run(level)
    assert outcome.after == case.after.get(level.label)
    assert not case.changed or {change.path: change.after for change in outcome.others} == case.changed
    assert list(broken(case.before, outcome, case.settings(level), case.context)) == []


@pytest.mark.skipif(not ADVERSARIAL.is_dir(), reason="the folder of adversarial files is not there")
@pytest.mark.parametrize("level", [Level.SAFE, *LEVELS])
def test_adversarial_files_keep_the_laws(level: Level) -> None:
    settings, findings = Settings(level=level), {}
    for path in sorted(ADVERSARIAL.glob("*.Dockerfile")):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        laws = list(broken(text, optimize(text, settings), settings))
        if laws:
            findings[path.name] = laws
    assert findings == {}


@pytest.mark.skipif(os.environ.get("UPDATE_CASES") != "1", reason="only on request")
def test_write_present_results() -> None:
    for path in pages():
        text = path.read_text(encoding="utf-8")
        for name, section in sections(text):
            case = read_case(path, name, section)
            if not case.broken:
                text = text.replace(section, with_results(section, case))
        path.write_text(text, encoding="utf-8")


def with_results(section: str, case: Case) -> str:
    """A case's text with the present results behind its first block."""
    results = {level.label: case.run(level).after.replace("\r\n", "\n").removeprefix("\ufeff") for level in LEVELS}
    first = next(block for block in BLOCK.finditer(section) if block[1] in ("before", "unchanged"))
    original, option = first[3], first[2] and f" {first[2]}"
    results = {level: text if text.endswith("\n") else f"{text}\n" for level, text in results.items()}
    if set(results.values()) == {original}:
        blocks = f"```unchanged{option}\n{original}```"
    else:
        blocks = f"```before{option}\n{original}```"
        same = len(set(results.values())) == 1
        shown = {"": next(iter(results.values()))} if same else {f" {level}": text for level, text in results.items()}
        blocks += "".join(f"\n\n```after{level}\n{text}```" for level, text in shown.items())
    rest = BLOCK.sub(lambda block: "" if block[1] == "after" else block[0], section[first.end() :])
    return (
        re.sub(r"\n{3,}", "\n\n", section[: first.start()] + blocks + rest.rstrip("\n") + "\n\n").rstrip("\n") + "\n\n"
    )
