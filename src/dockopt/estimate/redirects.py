"""What commands write to the files that `>`, `>>` and `tee` name: exact where the text is in the Dockerfile."""

from dockopt.estimate.contributions import File, Piece
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import Range, exactly
from dockopt.model.commands import Call
from dockopt.shell.tree import Redirect, Word

WRITTEN = Range(0, 3_000, 20_000_000)
"""What a program prints of which no more is known."""
SMALL = Range(0, 300, 200_000)
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "r": "\r", "'": "'", '"': '"'}


def written(call: Call, work: Work) -> None:
    """Add the files that one command's output goes to."""
    for redirect in call.redirects:
        if redirect.operator in (">", ">>", ">|", "&>") and redirect.descriptor in ("", "1", "&") and redirect.target:
            text = output(call)
            _write(work, redirect.target, text, append=redirect.operator == ">>", wide=_is_program(call))
    if call.is_("tee"):
        append = call.has("-a", "--append")
        for word in call.arguments:
            if not word.text.startswith("-"):
                _write(work, word, None, append=append, wide=False)


def _is_program(call: Call) -> bool:
    return not call.is_("echo", "printf", "cat", "gpg", "sed", "awk", "grep", "tr", "cut")


def _write(work: Work, target: Word, text: str | None, *, append: bool, wide: bool) -> None:
    path = work.place(target.text.strip("\"'"))
    if not path or path.startswith(("/dev/", "/proc/")):
        return
    if append:
        work.copy_up(path, "append", deep=False)
    else:
        work.take(path)
    size = exactly(len(text.encode("utf-8", "surrogateescape"))) if text is not None else WRITTEN if wide else SMALL
    files = (File("", size.expected),) if text is not None and not append else None
    work.put(Piece(("write", path, str(size.expected)), size, "text that commands write", path, files=files))


def output(call: Call) -> str | None:
    """What a command prints, as far as the file says it."""
    if call.is_("cat") and not call.arguments:
        return next((_document(one) for one in call.redirects if one.operator.startswith("<<")), None)
    values = [word.value for word in call.arguments]
    known = [value for value in values if value is not None]
    if len(known) != len(values):
        return None
    if call.is_("echo"):
        newline = "\n"
        while known and known[0] in ("-n", "-e", "-ne", "-en"):
            newline = "" if "n" in known.pop(0) else newline
        return _unescaped(" ".join(known)) + newline
    if call.is_("printf") and len(known) == 1 and "%" not in known[0]:
        return _unescaped(known[0])
    return "" if call.is_("true", ":") else None


def _document(redirect: Redirect) -> str | None:
    text = redirect.document.value if redirect.document else None
    if text is None or redirect.operator != "<<-":
        return text
    return "".join(line.lstrip("\t") for line in text.splitlines(keepends=True))


def _unescaped(text: str) -> str:
    parts, characters = [], iter(text)
    for character in characters:
        following = next(characters, "") if character == "\\" else ""
        parts.append(ESCAPES.get(following, character + following) if following else character)
    return "".join(parts)
