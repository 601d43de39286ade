"""Which regular expressions of apt are read, as which shell patterns."""

import pytest

from dockopt.debian.patterns import is_shell_pattern, shell_patterns


@pytest.mark.parametrize(
    ("expression", "patterns"),
    [
        ("libx.*dev", ("*libx*dev*",)),
        ("^libx[0-9]$", ("libx[0-9]",)),
        ("^php8.[0-9]-.*", ("php8?[0-9]-*",)),
        ("^LibX.+", ("libx?*",)),
        ("^(extra|tool)$", ("extra", "tool")),
        ("^php8.*-(cli|fpm)$", ("php8*-cli", "php8*-fpm")),
        ("^(a|b)(c|d)$", ()),
        ("(ab)+$", ()),
        ("a|(b|c)$", ()),
        ("((a|b)c)$", ()),
        ("(a|b)(a|b)(a|b)(a|b)(a|b)$", ()),
        ("^a$|^b.*", ("a", "b*")),
        ("^lib[^a-c]$", ("lib[!a-c]",)),
        ("^.*$", ("*",)),
        ("libx", ()),
        ("(a+)+$", ()),
        ("a*$", ()),
        ("libx?$", ()),
        ("a{2}$", ()),
        ("^[$", ()),
        ("^[]$", ()),
        ("|a", ()),
        ("^", ()),
        (".*" * 20 + "x", ()),
        ("^" + "a" * 300, ()),
    ],
)
def test_expressions(expression: str, patterns: tuple[str, ...]) -> None:
    assert shell_patterns(expression) == patterns


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("lib*", True), ("lib?", True), ("lib[ab]", True), ("libx", False), ("*a" * 20, False), ("l*" + "a" * 300, False)],
)
def test_shell_patterns(pattern: str, expected: bool) -> None:
    assert is_shell_pattern(pattern) is expected
