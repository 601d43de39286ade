"""dockopt reads shell bodies as shfmt does: hand-written ones always, those of the corpus where there is one."""

import random
from pathlib import Path

import pytest
from tests.differential import shfmt
from tests.differential.corpus import CORPUS, corpus_files
from tests.oracles import missing

from dockopt.shell.parser import parse
from dockopt.shell.tree import Refusal

SAMPLE = 300
HERE = Path(__file__).parent
BODIES = [line for line in (HERE / "bodies.txt").read_text(encoding="utf-8").splitlines() if line]
SEVERAL_LINES = [text.removesuffix("\n") for text in (HERE / "bodies_of_lines.txt").read_text().split("-----\n")]
NOT_SHELL = [line for line in (HERE / "not_shell.txt").read_text(encoding="utf-8").splitlines() if line]
REFUSED = {
    "a backslash ends the body": "a \\",
    "a continuation inside a command's name": "fo\\\no b",
    "$[…] arithmetic": "a $[1+2]",
    "escapes in backquotes": "a `b \\`c\\` d`",
    "a single quote in ${…} inside double quotes": "\"${x:-'}'}\"",
    "a brace or process substitution in ${…}": "a ${x:-{b}}",
    "time before a compound command": "time { a; }",
    "unexpected coproc": "coproc a",
    "an array element": "a[b c]=d",
    "a function's body": "f() a",
    "unexpected '('": "a @(b|c)",
    "a reserved word that is not first": "A=1 if",
    "a carriage return": "a\r\n",
    "a null character": "a\0b",
    "unclosed here-document": "a <<E\nb\n",
    "a continuation before a here-document's delimiter": "a <<E\nb\\\nE\nE\n",
    "a here-document around a substitution": "a <<E $(b\n)\nE\n",
    "a subshell in a process substitution": "a <((b))",
    "unknown arithmetic": "((a b))",
    "arithmetic or a subshell": "((a); (b))",
    "a loop variable": "for 1 in a; do b; done",
    "an extended glob or a negation": "!(a)",
    "a descriptor between redirections": "a >2>b",
    "nested too deeply": "{ " * 60,
}


@pytest.fixture(scope="module", autouse=True)
def _shfmt() -> None:
    if shfmt.program() is None:
        missing("shfmt")


@pytest.mark.parametrize("text", BODIES + SEVERAL_LINES)
def test_bodies_are_read_as_shfmt_reads_them(text: str) -> None:
    assert shfmt.compare(text) == ("same", "")


@pytest.mark.parametrize("text", NOT_SHELL)
def test_what_shfmt_refuses_is_refused(text: str) -> None:
    assert isinstance(shfmt.ask(text), str)
    assert isinstance(parse(text), Refusal)


@pytest.mark.parametrize(("reason", "text"), REFUSED.items())
def test_doubtful_bodies_are_refused(reason: str, text: str) -> None:
    refusal = parse(text)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert 0 <= refusal.offset <= len(text)


@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus")
def test_a_sample_of_the_corpus_is_read_as_shfmt_reads_it() -> None:
    texts = sorted({body for _, data in corpus_files() for body in shfmt.bodies(data)})
    sample = random.Random(7).sample(texts, min(SAMPLE, len(texts)))  # noqa: S311 - a sample, not a secret
    verdicts = dict(zip(sample, shfmt.compare_all(sample), strict=True))
    assert {text: found for text, found in verdicts.items() if found.kind not in {"same", "invalid"}} == {}
