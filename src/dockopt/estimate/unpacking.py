"""What tar and unzip leave: exact where the archive came from the build context, else unknown."""

from itertools import pairwise

from dockopt.context.archives import Archive, stripped
from dockopt.estimate.contributions import File, Piece
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import Range, exactly
from dockopt.model.commands import Call

EXTRACTED = Range(0, 30_000_000, 800_000_000)
UNPACKED = 3.5
FOLDERS = {"tar": ("-C", "--directory"), "bsdtar": ("-C", "--directory"), "unzip": ("-d",)}


def extract(call: Call, work: Work) -> None:
    words = [word.text for word in call.arguments]
    text = " ".join(word.text for word in call.words)
    if not call.is_("unzip") and any(word.lstrip("-").startswith(("c", "t")) for word in words[:1]):
        if words[0].lstrip("-").startswith("c"):
            work.add(("run", text), EXTRACTED, "archives of unknown size")
        return
    folder = next((b for a, b in pairwise(words) if a in FOLDERS[call.name or ""]), ".")
    path = work.place(folder.strip("\"'"))
    packed = _packed(call, work)
    archive = packed and work.context and packed.source and work.context.archive(packed.source)
    if isinstance(archive, Archive) and archive.complete and _takes_all(call):
        files = tuple(File(*one) for one in stripped(archive.files, _depth(words)))
        size = exactly(sum(file.size for file in files))
        basis = "headers of an archive in the build context"
        work.put(Piece(("extract", text), size, basis, path, files=files))
        return
    size = Range(packed.size, round(packed.size * UNPACKED), packed.size * 12) if packed else EXTRACTED
    work.add(("extract", text), size, "archives of unknown size", f"{path.rstrip('/')}/*" if path else "")


def _packed(call: Call, work: Work) -> File | None:
    """The archive's file, where its size is known."""
    for word in call.arguments:
        if word.value is None or word.value.startswith("-"):
            continue
        found = work.visible(work.pattern(word.value), deep=False) if "/" in word.value or "." in word.value else []
        for piece, _ in found:
            if piece.files and len(piece.files) == 1:
                return piece.files[0]
    return None


def _takes_all(call: Call) -> bool:
    """Whether nothing selects members: one operand beside options and their values."""
    options = ("--exclude", "--transform", "--wildcards", "-x", "-T", "--no-recursion", "-j", "-n", "--to-stdout", "-O")
    words = [word.text for word in call.arguments]
    if any(word.startswith(options) and not word.startswith(("-xf", "-xz", "-xv", "-xj", "-xJ")) for word in words):
        return words[:1] == ["-x"] and not any(word.startswith(options[:3]) for word in words)
    taken = {"-C", "--directory", "-d", "-f", "--file"}
    plain = [b for a, b in pairwise(("", *words)) if not b.startswith("-") and a not in taken]
    if not call.is_("unzip") and words and not words[0].startswith("-"):
        plain = plain[1:]
    return len(plain) <= (0 if any(word in ("-f", "--file") for word in words) else 1)


def _depth(words: list[str]) -> int:
    """How many leading folders `--strip-components` takes off names."""
    for word, following in pairwise((*words, "")):
        if word.startswith("--strip"):
            number = word.partition("=")[2] or following
            return int(number) if number.isdigit() else 0
    return 0
