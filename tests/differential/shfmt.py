"""What shfmt makes of a shell body, and what dockopt makes of it, as the same plain facts to compare.

Offsets are those of characters; every fact carries where it stands, so that equal facts are equal spans.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.differential.shell_facts import OurFacts
from tests.differential.shfmt_facts import Json, TheirFacts

from dockopt.shell.parser import parse
from dockopt.shell.tree import Refusal
from dockopt.syntax.parser import parse as parse_dockerfile
from dockopt.syntax.tree import Instruction
from dockopt.text.source import SourceText

POSIX_SHELLS = frozenset({"sh", "bash", "dash", "ash", "ksh", "zsh"})


class Verdict(NamedTuple):
    """How the two readings of a body compare: "same", "refused", "different" or "invalid" (shfmt refuses it)."""

    kind: str
    detail: str = ""


def program() -> str | None:
    beside = Path(sys.executable).with_name("shfmt")
    return str(beside) if beside.exists() else shutil.which("shfmt")


def bodies(data: bytes) -> Iterator[str]:
    """What a POSIX shell reads for each RUN of a Dockerfile, ONBUILD included; other shells left out."""
    posix = True
    for node in parse_dockerfile(SourceText.from_bytes(data)).instructions:
        if node.keyword == "FROM":
            posix = True
        elif node.keyword == "SHELL":
            words = node.exec_form or ("?",)
            posix = bool(words) and words[0].rpartition("/")[2] in POSIX_SHELLS
        run = node.trigger or node
        if run.keyword == "RUN" and posix and run.exec_form is None:
            yield from _shell_texts(run)


def _shell_texts(run: Instruction) -> Iterator[str]:
    text = run.argument_text
    if len(run.heredocs) == 1 and run.heredocs[0].opener == run.arguments:
        if not run.heredocs[0].content.startswith("#!"):
            yield run.heredocs[0].content
        return
    for heredoc in run.heredocs:
        end = "" if text.endswith("\n") else "\n"
        text = f"{text}{end}{heredoc.content}{heredoc.name}\n"
    yield text


def ask(text: str) -> Json | str:
    """The tree that shfmt gives, or its complaint."""
    shfmt = program()
    assert shfmt
    data = text.encode("utf-8", "surrogateescape")
    complaint = ""
    for dialect in ("bash", "posix"):
        result = subprocess.run([shfmt, "-ln", dialect, "--to-json"], input=data, capture_output=True, check=False)
        if result.returncode == 0:
            tree: Json = json.loads(result.stdout)
            return tree
        complaint = complaint or result.stderr.decode("utf-8", "replace").strip()
    return complaint


def compare(text: str) -> Verdict:
    theirs = ask(text)
    if isinstance(theirs, str):
        return Verdict("invalid", theirs)
    ours = parse(text)
    if isinstance(ours, Refusal):
        return Verdict("refused", f"{ours.reason} at {ours.offset}")
    expected, found = TheirFacts(text).facts(theirs), OurFacts(text).facts(ours)
    if expected == found:
        return Verdict("same")
    missing = [fact for fact in expected if fact not in found]
    added = [fact for fact in found if fact not in expected]
    return Verdict("different", f"shfmt {missing} dockopt {added}")


def compare_all(texts: Iterable[str], workers: int = 2) -> Iterator[Verdict]:
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(compare, texts)
