"""dockerfile-parse reads plain files as dockopt does; docs/decisions/dockerfile-parse.md says which are not plain."""

import pytest
from hypothesis import given
from tests.differential.corpus import CORPUS, corpus_files
from tests.plausible import few_examples
from tests.strategies import dockerfiles

from dockopt.syntax.parser import parse
from dockopt.syntax.tree import Tree
from dockopt.text.source import SourceText

pytest.importorskip("dockerfile_parse")

from tests.differential.structure import misread, our_structure, their_structure

MISREAD = {
    "heredoc": "FROM a\nRUN <<EOF\nb c\nEOF\n",
    "empty line in a continuation": "FROM a\nRUN b \\\n\n  c\n",
    "byte order mark": "\ufeffFROM a\n",
    "no arguments": "FROM a\nONBUILD",
    "continuation right after the keyword": "FROM\\\n a\n",
    "escaped escape character at the end": "FROM a\nRUN b \\\\\nRUN c\n",
    "continuation at the end of the file": "FROM a\nRUN b \\\n",
}


def is_plain(tree: Tree) -> bool:
    """Whether dockerfile-parse is right about the file: none of its known misreadings can happen in it."""
    text = tree.source.text
    odd_space = any(character.isspace() and character not in " \t\r\n" for character in text)
    carriage_return = "\r" in text.replace("\r\n", "")
    later_escape = tree.directive("check") is not None and tree.escape != "\\"
    known = any(cause != "other" for _, cause in misread(tree, []))
    return not (tree.problems or odd_space or carriage_return or later_escape or known or "\ufeff" in text)


@pytest.mark.parametrize(("cause", "text"), MISREAD.items())
def test_known_misreadings(cause: str, text: str) -> None:
    tree = parse(SourceText(text))
    assert [found for _, found in misread(tree, their_structure(text.encode()))][:1] == [cause]


@few_examples
@given(dockerfiles())
def test_plain_files_are_read_alike(text: str) -> None:
    tree = parse(SourceText(text))
    if not is_plain(tree):
        return
    assert their_structure(text.encode()) == our_structure(tree)


def test_plain_files_of_the_corpus_are_read_alike() -> None:
    if not CORPUS.exists():
        pytest.skip("no corpus: set DOCKOPT_CORPUS to its archive")
    plain = 0
    for name, data in corpus_files():
        tree = parse(SourceText.from_bytes(data))
        if is_plain(tree):
            plain += 1
            assert their_structure(data) == our_structure(tree), name
    assert plain > 1900
