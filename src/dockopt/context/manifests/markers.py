"""Markers of Python requirements, decided for CPython on Linux and x86-64; what cannot be decided holds."""

VALUES = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "extra": "",
}
VERSIONS = ("python_version", "python_full_version", "implementation_version")
TOKENS = r"\(|\)|'[^']*'|\"[^\"]*\"|===|==|!=|<=|>=|~=|<|>|[A-Za-z_.]+"


def holds(marker: str, version: str = "3.12") -> bool:
    """Whether a requirement with this marker is installed on a version of Python."""
    if not marker:
        return True
    import re  # noqa: PLC0415 - only where a marker is met

    return _Marker(re.findall(TOKENS, marker), version).either()


class _Marker:
    """Reads the words of one marker from left to right."""

    def __init__(self, words: list[str], version: str) -> None:
        self.words = words
        self.version = version

    def either(self) -> bool:
        result = self.both()
        while self._is_next("or"):
            other = self.both()
            result = result or other
        return result

    def both(self) -> bool:
        result = self._one()
        while self._is_next("and"):
            other = self._one()
            result = result and other
        return result

    def _one(self) -> bool:
        if self._is_next("("):
            result = self.either()
            self._is_next(")")
            return result
        left, operator = self._word(), self._word()
        if operator == "not":
            operator += self._word()
        return self._compare(left, operator, self._word())

    def _is_next(self, word: str) -> bool:
        if self.words[:1] == [word]:
            del self.words[0]
            return True
        return False

    def _word(self) -> str:
        return self.words.pop(0) if self.words else ""

    def _compare(self, left: str, operator: str, right: str) -> bool:
        name = left if left in VALUES or left in VERSIONS else right
        first, second = self._value(left), self._value(right)
        if first is None or second is None:
            return True
        if name in VERSIONS and operator not in ("in", "notin"):
            return _versions(_numbers(first), operator, _numbers(second))
        match operator:
            case "==" | "===":
                return first == second
            case "!=":
                return first != second
            case "in":
                return first in second
            case "notin":
                return first not in second
        return True

    def _value(self, word: str) -> str | None:
        if word[:1] in ("'", '"'):
            return word[1:-1]
        return self.version if word in VERSIONS else VALUES.get(word)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _versions(first: tuple[int, ...], operator: str, second: tuple[int, ...]) -> bool:
    first = first[: len(second)]
    match operator:
        case "<":
            return first < second
        case "<=":
            return first <= second
        case ">":
            return first > second
        case ">=" | "~=":
            return first >= second
        case "!=":
            return first != second
    return first == second
