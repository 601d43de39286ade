"""Quoted words read back as themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shell.outline import simple

from dockopt.shell.quote import quote


@pytest.mark.parametrize(
    ("word", "quoted"),
    {
        "a-b_c/d.e:f=g,h@i%j+k": "a-b_c/d.e:f=g,h@i%j+k",
        "": "''",
        "a b": "'a b'",
        "$a": "'$a'",
        "*": "'*'",
        "~": "'~'",
        "#": "'#'",
        "it's": '"it\'s"',
        "'$a'": "''\\''$a'\\'''",
        "a\nb": "'a\nb'",
    }.items(),
)
def test_quoting(word: str, quoted: str) -> None:
    assert quote(word) == quoted


@given(st.text(st.characters(exclude_characters="\0\r")))
def test_a_quoted_word_reads_back(word: str) -> None:
    command = simple(f"a {quote(word)} b")
    assert [found.value for found in command.words] == ["a", word, "b"]
    assert not command.words[1].glob
