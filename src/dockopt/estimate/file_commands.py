"""What commands do to files that are there: mv, cp, install, chown, chmod, ln, touch, sed -i and the like.

A file of an earlier layer that is changed in any way, its owner included, is stored again as a whole.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from dockopt.estimate.portions import Portion, moved
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import Range, exactly
from dockopt.model.commands import Call
from dockopt.shell.tree import Word

OF_THE_BASE = Range(0, 20_000, 50_000_000)
"""Files that no instruction is known to have brought."""
OWN_FOLDERS = frozenset(
    "/ /bin /etc /lib /sbin /usr /usr/bin /usr/lib /usr/local /usr/local/lib /usr/share /var /var/lib".split()
)
OWN_FILES = Range(10_000, 1_000_000, 900_000_000)
"""Those of the base image in folders that every image fills."""
COPIED = Range(0, 200_000, 100_000_000)
UNITS = {"": 1, "c": 1, "B": 1, "k": 1 << 10, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "kB": 1000, "MB": 10**6}
WITH_VALUE = frozenset({"-t", "-m", "-o", "-g", "-S", "--mode", "--owner", "--group", "--target-directory", "-e", "-d"})


def own(call: Call, work: Work) -> None:
    """chown, chgrp and chmod copy what earlier layers hold, even where nothing changes."""
    deep = _has_letter(call, "R") or call.has("--recursive")
    why = call.name or ""
    words = [word for word in call.arguments if not word.text.startswith("-")]
    reference = any(word.text.startswith("--reference") for word in call.arguments)
    for word in words if reference else words[1:]:
        pattern = work.pattern(word.text.strip("\"'"))
        found = bool(pattern) and pattern != "/" and work.copy_up(pattern, why, deep=deep)
        if deep and pattern in OWN_FOLDERS:
            work.add((why, "base", pattern), OWN_FILES, "files of the base image whose owner or mode changes")
        elif not found and deep and not (work.contents.knows_folder(pattern) and work.is_known_empty):
            work.add((why, word.text), OF_THE_BASE, "files whose owner or mode changes")


def change(call: Call, work: Work) -> None:
    """Programs that change the files they are given: touch, ln, strip, patch, setcap, truncate."""
    if call.is_("ln") and (_has_letter(call, "s") or call.has("--symbolic")):
        return
    for word in call.arguments:
        if not word.text.startswith("-"):
            _store_again(work, word, call.name or "")
    if call.is_("truncate", "fallocate"):
        _sized(call, work)


def edit(call: Call, work: Work) -> None:
    """`sed -i` and `perl -pi` write the whole file again."""
    if not any(word.text.startswith(("-i", "--in-place", "-pi", "-Ei", "-ri", "-ni")) for word in call.arguments):
        return
    for word in list(operands(call))[0 if call.has("-e", "--expression", "-f") else 1 :]:
        _store_again(work, word, call.name or "")


def _store_again(work: Work, word: Word, why: str) -> None:
    pattern = work.pattern(word.text.strip("\"'"))
    if pattern:
        work.copy_up(pattern, why, deep=False)


def move(call: Call, work: Work) -> None:
    """What is moved out of an earlier layer is stored again; what this layer holds only changes its place."""
    sources, target = _ends(call)
    place, into = _destination(call, work, sources, target)
    for word in sources:
        pattern = work.pattern(word.text.strip("\"'"))
        found = work.take(pattern) if pattern else None
        if found is None or not found.found:
            work.add(("mv", word.text), OF_THE_BASE, "files moved inside the image")
            continue
        for piece, root in found.here:
            work.pieces.append(moved(Portion(piece, root), place, into=into))
        for piece, root in found.earlier:
            new = moved(Portion(piece, root), place, into=into)
            work.put(new._replace(key=("mv", *piece.key), basis=f"copied again by mv: {piece.basis}"))


def copy(call: Call, work: Work) -> None:
    """cp, install, rsync: what is copied is stored once more."""
    if call.is_("install") and (_has_letter(call, "d") or call.has("--directory")):
        make_folders(call, work)
        return
    if call.is_("cp") and (_has_letter(call, "ls") or call.has("--link", "--symbolic-link")):
        return
    sources, target = _ends(call)
    place, into = _destination(call, work, sources, target)
    for word in sources:
        text = word.text.strip("\"'")
        contents_only = text.endswith(("/.", "/./")) or (call.is_("rsync") and text.endswith("/"))
        pattern = work.pattern(text)
        found = work.visible(pattern) if pattern else []
        if not found:
            work.add(("cp", word.text), COPIED, "files copied inside the image")
        for portion in found:
            new = moved(portion, place, into=into and not contents_only)
            work.put(new._replace(key=("cp", *portion.piece.key)))


def make_folders(call: Call, work: Work) -> None:
    """mkdir: no bytes, but from now on these folders are known."""
    for word in operands(call):
        path = work.place(word.text.strip("\"'"))
        if path:
            work.contents.folders |= {path}


def find(call: Call, work: Work) -> None:
    """`find … -delete`, and `-exec` with rm, chown or chmod."""
    words = [word.text.strip("\"'") for word in call.arguments]
    start = next((at for at, word in enumerate(words) if word[:1] in ("-", "(", "!", "\\")), len(words))
    tests = dict(pairwise(words[start:]))
    program = tests.get("-exec") or tests.get("-execdir") or ("rm" if "-delete" in words else "")
    if program not in ("rm", "chown", "chgrp", "chmod") or tests.get("-type", "f") != "f" or "!" in words:
        return
    names = [after for test, after in pairwise(words) if test == "-name"]
    for place in words[:start]:
        pattern = work.pattern(place)
        if program == "rm":
            work.remove_named(pattern, names)
        elif not names:
            work.copy_up(pattern, program, deep=True)


def fill(call: Call, work: Work) -> None:
    """`dd of=FILE` with a size that is given."""
    settings = dict(word.text.split("=", 1) for word in call.arguments if "=" in word.text)
    path = work.place(settings.get("of"))
    if not path or path.startswith("/dev/"):
        return
    block, count = _bytes(settings.get("bs", "512")), settings.get("count", "")
    known = block is not None and count.isdigit()
    size = exactly((block or 0) * int(count)) if known else Range(0, 10_000_000, 2_000_000_000)
    work.add(("dd", path), size, "a file made by dd", path)


def _sized(call: Call, work: Work) -> None:
    size = next((_bytes(b.text) for a, b in pairwise(call.arguments) if a.text in ("-s", "-l", "--size")), None)
    for word in list(operands(call))[-1:]:
        path = work.place(word.text)
        if size is not None and path:
            work.add((call.name or "", path), exactly(size), f"a file made by {call.name}", path)


def _bytes(text: str) -> int | None:
    digits = text.rstrip("BKMGkcib")
    unit = text[len(digits) :].removesuffix("iB")
    return int(digits) * UNITS[unit] if digits.isdigit() and unit in UNITS else None


def operands(call: Call) -> Iterator[Word]:
    """The words that are no options, nor values that an option takes from the next word."""
    skip = False
    for word in call.arguments:
        if skip:
            skip = False
        elif word.text.startswith("-") and len(word.text) > 1:
            skip = word.text in WITH_VALUE and not (call.is_("cp", "rm", "mv") and word.text != "-t")
        else:
            yield word


def _ends(call: Call) -> tuple[list[Word], str]:
    """Sources and destination of mv, cp and install."""
    words = list(operands(call))
    target = next((b.text for a, b in pairwise(call.arguments) if a.text in ("-t", "--target-directory")), "")
    if not target and len(words) > 1:
        target = words.pop().text
    return words, target


def _destination(call: Call, work: Work, sources: list[Word], target: str) -> tuple[str, bool]:
    """Where files go, and whether under their own names below it."""
    target = target.strip("\"'")
    place = work.place(target)
    several = len(sources) > 1 or any(word.glob for word in sources)
    as_named = call.has("-T", "--no-target-directory")
    into = not as_named and (several or target.endswith(("/", "/.")) or (bool(place) and work.is_folder(place)))
    return place, into


def _has_letter(call: Call, letters: str) -> bool:
    """Whether one of the short options is among these letters."""
    options = (word.text for word in call.arguments if word.text[:1] == "-" and word.text[1:2] != "-")
    return any(letter in option for option in options for letter in letters)


Handler = Callable[[Call, Work], None]
COMMANDS: dict[str, Handler] = {
    **dict.fromkeys(("chown", "chgrp", "chmod"), own),
    **dict.fromkeys(("touch", "ln", "strip", "patch", "setcap", "truncate", "fallocate"), change),
    **dict.fromkeys(("sed", "perl"), edit),
    "mv": move,
    **dict.fromkeys(("cp", "install", "rsync"), copy),
    "mkdir": make_folders,
    "dd": fill,
    "find": find,
}
