"""Expansion, splitting and pairs as BuildKit has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockopt.syntax.words import NameValues, expand, parse_name_values, read_name_values, split_words
from dockopt.text.source import Span

ENV = {"A": "one", "EMPTY": "", "P": "usr/local/lib.tar.gz", "S": "x  y", "T": "a*b"}


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("plain", "plain"),
        ("$A", "one"),
        ("${A}", "one"),
        ("$A-$B.", "one-."),
        ("$AB", ""),
        ("$A_", ""),
        ("x$", "x$"),
        ("$ A", "$ A"),
        ("\\$A", "$A"),
        ("'$A'", "$A"),
        ('"$A"', "one"),
        ('"it\'s"', "it's"),
        ("'a'\"b\"c", "abc"),
        ('"a\\"b\\$\\\\\\n"', 'a"b$\\\\n'),
        ("a\\b\\ c", "ab c"),
        ("end\\", "end"),
        ("$1", ""),
        ("$12x", "x"),
        ("${1}", ""),
        ("$S", "x  y"),
        ("a << b", "a << b"),
        ("${A:-d}", "one"),
        ("${B:-d}", "d"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${B-d}", "d"),
        ("${A:+d}", "d"),
        ("${EMPTY:+d}", ""),
        ("${EMPTY+d}", "d"),
        ("${B+d}", ""),
        ("${A:?no}", "one"),
        ("${EMPTY?no}", ""),
        ("${B:-${C:-$A}}", "one"),
        ("${B:-'q $A'}", "q $A"),
        ('${B:-"q $A"}', "q one"),
        ("${B:-a\\}b}", "a}b"),
        ("${B:-}", ""),
        ("${P#*/}", "local/lib.tar.gz"),
        ("${P##*/}", "lib.tar.gz"),
        ("${P%/*}", "usr/local"),
        ("${P%%/*}", "usr"),
        ("${P%.?z}", "usr/local/lib.tar"),
        ("${P%.tar*}", "usr/local/lib"),
        ("${P#nope}", "usr/local/lib.tar.gz"),
        ("${A#o.}", "one"),
        ("${T%\\*b}", "a"),
        ("${T#a\\*}", "b"),
        ("${P/l/L}", "usr/Local/lib.tar.gz"),
        ("${P//l/L}", "usr/LocaL/Lib.tar.gz"),
        ("${P//\\//_}", "usr_local_lib.tar.gz"),
        ("${P/.*/}", "usr/local/lib"),
        ("${A/x/y}", "one"),
        ("${A//*/y}", "y"),
        ("${A//?/$A}", "oneoneone"),
        ("${B/x/y}", ""),
        ("${B#x}", ""),
    ],
)
def test_expand(word: str, value: str) -> None:
    expansion = expand(word, ENV)
    assert expansion.error is None
    assert expansion.value == value


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("'a", "unexpected end of statement while looking for matching single-quote"),
        ('"a', "unexpected end of statement while looking for matching double-quote"),
        ('"a\\', "unexpected end of statement while looking for matching double-quote"),
        ("${", "syntax error: missing '}'"),
        ("${A", "syntax error: missing '}'"),
        ("${A:", "syntax error: missing '}'"),
        ("${A:-x", "syntax error: missing '}'"),
        ("${A/x", "syntax error: missing '/'"),
        ("${A/x/y", "syntax error: missing '}'"),
        ("${}", "syntax error: bad substitution"),
        ("${{x}}", "syntax error: bad substitution"),
        ("${:-x}", "syntax error: bad substitution"),
        ("${A[0]}", "unsupported modifier ([) in substitution"),
        ("${A^^}", "unsupported modifier (^) in substitution"),
        ("${A:#x}", "unsupported modifier (:#) in substitution"),
        ("${A:0:1}", "unsupported modifier (:0) in substitution"),
        ("${B?}", "B: is not allowed to be unset"),
        ("${EMPTY:?}", "EMPTY: is not allowed to be empty"),
        ("${B:?set $A}", "B: set one"),
        ("${A#\\o}", "invalid pattern (\\o) in substitution: invalid escape"),
        ("${A//o/\\$x}", "a $ in the replacement of all matches is not supported"),
        ("${A:-" * 5000, "too deeply nested"),
    ],
)
def test_words_that_buildkit_refuses(word: str, error: str) -> None:
    expansion = expand(word, ENV)
    assert expansion.error == error
    assert expansion.value == word


def test_names_read() -> None:
    expansion = expand("$X${A:+$Y}'$Z'$A$X", ENV)
    assert expansion.names == ("X", "Y", "A")
    assert expansion.unmatched == ("X", "Y")


@pytest.mark.parametrize(
    ("word", "value"),
    [("c:\\$A\\`$A", "c:\\one\\$A"), ('"`"x\\"', '"x\\'), ("a` b", "a b"), ("${A%`}`e}", "one")],
)
def test_backtick_escapes(word: str, value: str) -> None:
    assert expand(word, ENV, "`").value == value


@given(st.text(alphabet="aA$ {}:-+?#%/\\'\"`<*", max_size=25), st.sampled_from("\\`"))
def test_any_word_expands_or_says_why(word: str, escape: str) -> None:
    expansion = expand(word, ENV, escape)
    assert expansion.error is None or expansion.value == word
    assert set(expansion.unmatched) <= set(expansion.names)


@given(st.text(alphabet="aA1_$ {}'\"=/é<", max_size=12), st.sampled_from("\\`"))
def test_simple_words_expand_as_others(word: str, escape: str) -> None:
    """What is not ASCII is read character by character."""
    values = {"a": "x", "A": "", "aA": "y z", "_": "$a", "A1": "'"}
    found, other = expand(word, values, escape), expand("é" + word, values, escape)
    assert found == other._replace(value=other.value.removeprefix("é"))


def test_split_words() -> None:
    assert [(word.value, word.span) for word in split_words(' "a b"\t c\\ d')] == [
        ('"a', Span(1, 3)),
        ('b"', Span(4, 6)),
        ("c\\", Span(8, 10)),
        ("d", Span(11, 12)),
    ]


@pytest.mark.parametrize(
    ("text", "escape", "words"),
    [
        (' "a b"c\t d\\ e ', "\\", ['"a b"c', "d\\ e"]),
        ("'a\\' b", "\\", ["'a\\'", "b"]),
        ('"a\\" b" c', "\\", ['"a\\" b"', "c"]),
        ("a` b\\ c", "`", ["a` b\\", "c"]),
        ("a\\", "\\", ["a"]),
        ("a \\", "\\", ["a"]),
        ('"a\\', "\\", ['"a']),
        ("''", "\\", ["''"]),
        ("", "\\", []),
    ],
)
def test_split_quoted_words(text: str, escape: str, words: list[str]) -> None:
    assert [word.value for word in split_words(text, escape, quoted=True)] == words


def test_pairs() -> None:
    text = "A=1  'b c'=\"d e\" F="
    pairs = parse_name_values(text)
    assert [(pair.name, pair.value) for pair in pairs] == [("A", "1"), ("'b c'", '"d e"'), ("F", "")]
    assert [text[slice(*pair.span)] for pair in pairs] == ["A=1", "'b c'=\"d e\"", "F="]
    assert [text[slice(*pair.name_span)] for pair in pairs] == ["A", "'b c'", "F"]
    assert [text[slice(*pair.value_span)] for pair in pairs] == ["1", '"d e"', ""]


def test_old_form() -> None:
    text = "NAME \t some  value=x"
    found = read_name_values(text)
    assert found.legacy
    (pair,) = found.pairs
    assert (pair.name, pair.value, pair.span) == ("NAME", "some  value=x", Span(0, len(text)))
    assert text[slice(*pair.value_span)] == "some  value=x"


def test_arguments() -> None:
    pairs = parse_name_values("A B='c d'", arguments=True)
    assert [(pair.name, pair.value) for pair in pairs] == [("A", None), ("B", "'c d'")]


def test_pairs_that_buildkit_refuses() -> None:
    assert read_name_values("A", keyword="LABEL") == NameValues((), True, "LABEL must have two arguments")
    found = read_name_values("A=1 B")
    assert [pair.name for pair in found.pairs] == ["A"]
    assert found.error == "no = in B: ENV takes name=value"
    assert read_name_values("") == NameValues()
