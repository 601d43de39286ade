"""Words: where they end, what they say after quote removal, what they expand and run."""

import pytest
from tests.shell.outline import at, compound, outline, read, refused, simple

from dockopt.shell.tree import Script, Word, simple_commands
from dockopt.text.source import Span

STATIC = {
    "a": "a",
    "'a b'": "a b",
    '"a b"': "a b",
    "a\\ b": "a b",
    "a'b'\"c\"\\d": "abcd",
    "''": "",
    '""': "",
    '"a\\"b\\$c\\`d\\\\e\\nf"': 'a"b$c`d\\e\\nf',
    '"a\\\nb"': "ab",
    "a\\\nb": "ab",
    "'a\\nb'": "a\\nb",
    "$'a\\nb\\'c'": "a\nb'c",
    "a$": "a$",
    '"$"': "$",
    "s/$/x/": "s/$/x/",
    "{}": "{}",
    "a=b": "a=b",
    "~/a": "~/a",
    "a#b": "a#b",
    "é": "é",
    "\udcff": "\udcff",
    "--a=b,c:d@e%f+g": "--a=b,c:d@e%f+g",
    "then": "then",
    "}": "}",
    "!": "!",
}
OPEN = {
    "$a": ("a",),
    "${a}": ("a",),
    "x$a/${b}y": ("a", "b"),
    '"$a b"': ("a",),
    "${a:-b}": ("a",),
    "${a:-$b}": ("a", "b"),
    '"${x:-"a b"}"': ("x",),
    "${x:-'a}'}": ("x",),
    "\"${x#'}'}\"": ("x",),
    "${#a}": ("a",),
    "${a##*/}": ("a",),
    "${a%%[!0-9]*}": ("a",),
    "${a//b/$c}": ("a", "c"),
    "${a:1:2}": ("a",),
    "${a[0]}": ("a",),
    "${a[@]}": ("a",),
    "${a[$i]}": ("a", "i"),
    "${!a}": ("a",),
    "${a^^}": ("a",),
    "${a@Q}": ("a",),
    "$1$@$#$?$$$!": ("1", "@", "#", "?", "$", "!"),
    "$10": ("1",),
    "$((a + 0x1f * ($b)))": ("a", "b"),
    "$'\\x41'": (),
    '$"a"': (),
}
GLOBS = {
    "*": True,
    "a?b": True,
    "[a-z]": True,
    "{a,b}": True,
    "{1..3}": True,
    "a{'b c',d}": True,
    "[": False,
    "{}": False,
    "{a}": False,
    "'*'": False,
    "\\*": False,
    '"{a,b}"': False,
    "$a": False,
    "a*'b'": True,
}


def argument(text: str) -> Word:
    command, word = simple(f"c {text}").words
    assert command.value == "c"
    assert word.text == text
    assert word.span == Span(2, 2 + len(text))
    return word


@pytest.mark.parametrize(("text", "value"), STATIC.items())
def test_static_words(text: str, value: str) -> None:
    word = argument(text)
    assert (word.value, word.expansions, word.substitutions) == (value, (), ())


@pytest.mark.parametrize(("text", "names"), OPEN.items())
def test_expansions(text: str, names: tuple[str, ...]) -> None:
    word = argument(text)
    assert (word.value, word.expansions) == (None, names)


@pytest.mark.parametrize(("text", "glob"), GLOBS.items())
def test_globs(text: str, glob: bool) -> None:
    assert argument(text).glob is glob


def test_a_glob_keeps_its_text_as_value() -> None:
    assert argument("/a/*.{b,c}").value == "/a/*.{b,c}"


@pytest.mark.parametrize(("text", "quoted"), {"a": False, "'a'": True, 'a"b"': True, "\\a": True, "$a": False}.items())
def test_quoted(text: str, quoted: bool) -> None:
    assert argument(text).quoted is quoted


@pytest.mark.parametrize(
    "text",
    [
        "$(a b)",
        "`a b`",
        '"$(a b)"',
        '"`a b`"',
        "x$(a b)y",
        "<(a b)",
        "${x:-$(a b)}",
        '"${x:-"$(a b)"}"',
        "$((1 + $(a b)))",
        "x=$(a b)",
    ],
)
def test_substitutions(text: str) -> None:
    word = argument(text)
    (script,) = word.substitutions
    inner = next(simple_commands(script))
    assert at("c " + text, inner.span) == "a b"
    assert word.value is None


def test_a_case_inside_a_substitution() -> None:
    text = 'a "$(case $b in c) d;; (e) f; esac)" g'
    assert [at(text, word.span) for word in simple(text).words] == ["a", '"$(case $b in c) d;; (e) f; esac)"', "g"]
    assert [command.words[0].text for command in simple_commands(read(text))] == ["a", "d", "f"]


def test_a_comment_inside_a_substitution() -> None:
    assert [word.text for word in simple("a $(b # )\n) c").words] == ["a", "$(b # )\n)", "c"]


def test_nested_quotes_and_substitutions() -> None:
    text = 'a "b $(c "d $(e "f")") g" h'
    assert [word.text for word in simple(text).words] == ["a", '"b $(c "d $(e "f")") g"', "h"]


def test_words_end_at_operators() -> None:
    assert outline("a;b|c&&d>e&f") == ["a ;", "b", "| c", "&& d>e &", "f"]


def test_a_continuation_after_a_word_is_not_part_of_it() -> None:
    assert [word.text for word in simple("a --b\\\n  c").words] == ["a", "--b", "c"]
    assert [(word.text, word.value) for word in simple("a --b\\\nc").words] == [
        ("a", "a"),
        ("--b\\\nc", "--bc"),
    ]


def test_assignments() -> None:
    command = simple("A=1 B= C+='d e' F=$g h I=j")
    assert [(found.name, found.value and found.value.value, found.append) for found in command.assignments] == [
        ("A", "1", False),
        ("B", "", False),
        ("C", "d e", True),
        ("F", None, False),
    ]
    assert [found.span for found in command.assignments] == [Span(0, 3), Span(4, 6), Span(7, 15), Span(16, 20)]
    assert [word.text for word in command.words] == ["h", "I=j"]


def test_an_assignment_of_an_array_is_opaque_but_its_commands_are_known() -> None:
    text = "a=(b $(c) $d)"
    (found,) = simple(text).assignments
    assert found.value is not None
    assert (found.value.text, found.value.value, found.value.expansions) == ("(b $(c) $d)", None, ("d",))
    assert [at(text, inner.span) for inner in simple_commands(read(text))] == [text, "c"]


def test_export_takes_words() -> None:
    assert [word.value for word in simple('export A=b C="d e" F').words] == ["export", "A=b", "C=d e", "F"]


@pytest.mark.parametrize(
    ("text", "operator", "descriptor", "target"),
    [
        (">b", ">", "", "b"),
        ("> b", ">", "", "b"),
        ("2>b", ">", "2", "b"),
        ("2>&1", ">&", "2", "1"),
        (">&2", ">&", "", "2"),
        ("3<&-", "<&", "3", "-"),
        (">>b", ">>", "", "b"),
        (">|b", ">|", "", "b"),
        ("<>b", "<>", "", "b"),
        ("&>b", "&>", "", "b"),
        ("&>>b", "&>>", "", "b"),
        ("<<<b", "<<<", "", "b"),
        ("<<< 'b c'", "<<<", "", "b c"),
        ("{fd}>b", ">", "{fd}", "b"),
        (">$b", ">", "", None),
    ],
)
def test_redirections(text: str, operator: str, descriptor: str, target: str | None) -> None:
    command = simple(f"a {text} c")
    (redirect,) = command.redirects
    assert redirect.target is not None
    assert (redirect.operator, redirect.descriptor, redirect.target.value) == (operator, descriptor, target)
    assert redirect.span == Span(2, 2 + len(text))
    assert [word.text for word in command.words] == ["a", "c"]


def test_a_digit_apart_from_the_operator_is_a_word() -> None:
    assert [word.text for word in simple("a 2 >b").words] == ["a", "2"]
    assert [word.text for word in simple("a2>b").words] == ["a2"]


def test_a_redirection_alone() -> None:
    command = simple(">a")
    assert (command.words, len(command.redirects)) == ((), 1)


@pytest.mark.parametrize(
    ("text", "reason", "offset"),
    [
        ("a 'b", "unclosed '", 2),
        ('a "b', 'unclosed "', 2),
        ("a `b", "unclosed backquote", 2),
        ("a $(b", "unclosed $(", 2),
        ("a ${b:-c", "unclosed ${", 2),
        ("a $((1", "unclosed arithmetic", 5),
        ("a >", "unexpected end", 3),
        ("a > ;", "unexpected ';'", 4),
        ("a > # b", "unexpected '#'", 4),
        ("a `b \\`c\\``", "escapes in backquotes", 2),
        ("a[$b c]=d", "an array element", 0),
        ("A=(b) c", "an array before a command", 0),
    ],
)
def test_refusals(text: str, reason: str, offset: int) -> None:
    assert refused(text) == (reason, offset)


def test_a_function_is_not_taken_for_a_word() -> None:
    assert compound("a() { b; }").name == "a"
    assert isinstance(read("a() { b; }"), Script)
