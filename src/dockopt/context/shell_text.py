"""Program names in a line of shell text found in a source file, as far as they can be told without a shell parser."""

SEPARATORS = r"&&|\|\||[;|&\n]"
UNREADABLE = frozenset("`$(){}<\\")
RUNNERS = frozenset(
    (
        *("sudo", "env", "exec", "nohup", "nice", "time", "timeout", "xargs", "sh", "bash", "eval", "command", "if"),
        *("for", "while", "case", "until", "then", "do", "else", "!", ".", "source", "gosu", "su", "chroot", "busybox"),
        *("npx", "setsid", "stdbuf", "ionice", "strace"),
    )
)
BUILTINS = frozenset(("cd", "echo", "exit", "export", "set", "true", "false", "test", "[", "umask", "wait", ":"))


def programs(text: str) -> tuple[frozenset[str], bool]:
    """The first word of each command, and whether there may be others: substitutions, or a program that runs one."""
    import re  # noqa: PLC0415 - only where a source is read

    names: set[str] = set()
    unsure = any(character in UNREADABLE for character in text)
    for part in re.split(SEPARATORS, text):
        words = [word for word in part.split() if not re.match(r"[A-Za-z_]\w*=", word)]
        if not words or words[0].startswith("#"):
            continue
        name = words[0].strip("'\"")
        if any(character in name for character in "$`(){}*?%"):
            unsure = True
            continue
        unsure = unsure or name in RUNNERS
        if name not in BUILTINS:
            names.add(name)
    return frozenset(names), unsure
