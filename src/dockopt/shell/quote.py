"""Writing a literal word so that a shell reads exactly that word."""

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+:,./-=")


def quote(word: str) -> str:
    """The shortest POSIX spelling of a literal word: as it is, in single quotes, or in double quotes.

    The result is right as an argument; as the first word of a command, reserved words and `NAME=value` stay what
    they are.
    """
    if word and _SAFE.issuperset(word):
        return word
    if "'" not in word:
        return f"'{word}'"
    if not any(character in word for character in '"$`\\!'):
        return f'"{word}"'
    return "'" + word.replace("'", "'\\''") + "'"
