"""What Bundler and RubyGems add to a layer: gems, their archives, what building native extensions leaves."""

from itertools import pairwise

from dockopt.estimate.languages.manifests import first_text, text_at
from dockopt.estimate.languages.sources import of_packages
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import Range
from dockopt.model.commands import Call

UNKNOWN = Range(1_000_000, 100_000_000, 700_000_000)
UNKNOWN_CACHE = Range(0, 25_000_000, 200_000_000)
ONE_GEM = Range(100_000, 8_000_000, 150_000_000)
EXTENSIONS = (1.0, 1.6, 3.0)
"""Gems with native extensions hold what was built two or three times."""
HOME = "/usr/local/bundle"
SECTIONS = ("GEM", "GIT", "PATH")


def bundle(call: Call, work: Work) -> None:
    words = [value or "" for value in call.values]
    action = next((word for word in words if not word.startswith("-")), "install")
    if action == "clean":
        work.remove([f"{_home(work)}/cache"])
    if action != "install":
        return
    path, text = first_text(work, "Gemfile.lock", "gems.locked")
    home = work.place(work.setting("BUNDLE_PATH")) or _home(work)
    key = ("gems", path or "bundle")
    if work.contents.those(lambda piece: piece.key == key):
        return
    if not text:
        _unknown(key, home, work)
        return
    left_out = _left_out(words, work)
    names = [name for name in locked(text) if name not in left_out]
    _add(key, names, home, work)


def gem(call: Call, work: Work) -> None:
    words = [value or "" for value in call.values]
    if words[:1] != ["install"]:
        return
    names = [word.partition(":")[0] for word in words[1:] if word[:1].isalpha() and not word[:1].isdigit()]
    for name in names:
        work.add(("gem", name), ONE_GEM, "gems by name, with what they need", HOME)


def locked(text: str) -> list[str]:
    """The gems of a lockfile, those from an index and from repositories."""
    found: list[str] = []
    section = ""
    for line in text.splitlines():
        if line and not line[0].isspace():
            section = line.strip()
        elif section in SECTIONS and line.startswith("    ") and not line.startswith("     "):
            found.append(line.split()[0])
    return list(dict.fromkeys(found))


def _left_out(words: list[str], work: Work) -> set[str]:
    """Gems of the groups that are not installed; what only they need is not told by the lockfile's reader."""
    listed = work.setting("BUNDLE_WITHOUT") or ""
    for before, after in pairwise(words):
        listed += f" {after}" if before == "--without" else ""
    listed += " ".join(word.partition("=")[2] for word in words if word.startswith("--without="))
    groups = set(listed.replace(":", " ").split())
    if not groups and "without" in work.run.shell_text:
        groups = {group for group in ("development", "test") if group in work.run.shell_text}
    return set(_in_groups(text_at(work, "Gemfile") or "", groups)) if groups else set()


def _in_groups(text: str, groups: set[str]) -> list[str]:
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        words = line.replace(",", " ").replace("(", " ").split()
        if words[:1] == ["group"]:
            inside = {word.strip(":'\"") for word in words[1:] if word != "do"} <= groups
        elif words[:1] == ["end"]:
            inside = False
        elif (
            words[:1] == ["gem"] and len(words) > 1 and (inside or any(f"group: :{group}" in line for group in groups))
        ):
            found.append(words[1].strip("'\""))
    return found


def _add(key: tuple[str, ...], names: list[str], home: str, work: Work) -> None:
    found = of_packages("gem", ((name.lower().replace("_", "-"),) for name in names))
    low, middle, high = EXTENSIONS
    size = Range(round(found.size.low * low), round(found.size.expected * middle), round(found.size.high * high))
    work.add(key, size, found.basis, home)
    work.add(("gem cache", *key[1:]), found.archives, "archives of gems", f"{home}/cache")


def _unknown(key: tuple[str, ...], home: str, work: Work) -> None:
    work.add(key, UNKNOWN, "gems that the file does not name", home)
    work.add(("gem cache", *key[1:]), UNKNOWN_CACHE, "archives of gems", f"{home}/cache")


def _home(work: Work) -> str:
    return work.place(work.setting("GEM_HOME")) or HOME
