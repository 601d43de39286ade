"""Unified diffs that git and patch apply: any bytes, any line ends, with or without a final newline.

Lines end in a newline only, as git sees them; a carriage return is a character like any other.
"""

from collections.abc import Iterable, Iterator

CONTEXT_LINES = 3
SEARCH_LIMIT = 4_000_000
"""Above this many pairs of differing lines the two blocks are shown whole: finding the shortest diff takes seconds."""

NO_NEWLINE = "\\ No newline at end of file\n"

Block = tuple[int, int, int, int]
"""Lines [a, b) of the old text become lines [c, d) of the new one."""

_ESCAPES = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}


def unified_diff(before: str | None, after: str, path: str, context: int = CONTEXT_LINES) -> str:
    """The diff from one text to another with headers for `path`, "" where the texts are equal; None is no file.

    `context` is how many unchanged lines surround a change.
    """
    if before == after:
        return ""
    old, new = split_lines(before or ""), split_lines(after)
    parts = [f"--- {header('a/' + path) if before is not None else '/dev/null'}\n", f"+++ {header('b/' + path)}\n"]
    for hunk in _hunks(blocks(old, new), context):
        parts += _hunk(hunk, old, new, context)
    return "".join(parts)


def split_lines(text: str) -> list[str]:
    """The lines with their newlines; only the last may lack one."""
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def header(path: str) -> str:
    """A path as git writes it in a header: quoted where it must be, a tab after a name with spaces."""
    if any(character in _ESCAPES or character < " " or character == "\x7f" for character in path):
        return '"' + "".join(_quoted(character) for character in path) + '"'
    return path + "\t" if " " in path else path


def _quoted(character: str) -> str:
    if character in _ESCAPES:
        return "\\" + _ESCAPES[character]
    return f"\\{ord(character):03o}" if character < " " or character == "\x7f" else character


def blocks(old: list[str], new: list[str]) -> Iterator[Block]:
    """Where lines differ, from the first to the last."""
    start = 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < shorter - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_end, new_end = len(old) - tail, len(new) - tail
    if (old_end - start) * (new_end - start) > SEARCH_LIMIT:
        yield start, old_end, start, new_end
        return
    from difflib import SequenceMatcher  # noqa: PLC0415 - only where something changed

    matcher = SequenceMatcher(None, old[start:old_end], new[start:new_end], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield a + start, b + start, c + start, d + start


def _hunks(found: Iterable[Block], context: int) -> Iterator[list[Block]]:
    """Blocks whose context would touch, together."""
    hunk: list[Block] = []
    for block in found:
        if hunk and block[0] - hunk[-1][1] > 2 * context:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _hunk(hunk: list[Block], old: list[str], new: list[str], context: int) -> Iterator[str]:
    lead = min(context, hunk[0][0])
    trail = min(context, len(old) - hunk[-1][1])
    old_start, old_end = hunk[0][0] - lead, hunk[-1][1] + trail
    new_start, new_end = hunk[0][2] - lead, hunk[-1][3] + trail
    yield f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@\n"
    at = old_start
    for a, b, c, d in hunk:
        yield from _marked(" ", old[at:a])
        yield from _marked("-", old[a:b])
        yield from _marked("+", new[c:d])
        at = b
    yield from _marked(" ", old[at:old_end])


def _range(start: int, end: int) -> str:
    length = end - start
    if length == 1:
        return str(end)
    return f"{start + 1 if length else start},{length}"


def _marked(mark: str, lines: list[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line if line.endswith("\n") else f"{mark}{line}\n{NO_NEWLINE}"
