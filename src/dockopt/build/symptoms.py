"""What a program's log says is missing or unfit in its image: libraries, modules, commands, files, rights.

Logs differ from start to start, and a service that ends for want of its database ends with the same status as one
that lost a library. What is missing tells them apart.
"""

import re

QUOTES = "'\"`\u2018\u2019\u201c\u201d"
LINE = 1000
"""Characters of a line that are looked at."""
NAMED = (
    r"[\w.+-]+\.so[\w.]*: cannot open shared object file",
    r"undefined symbol: \w+",
    r"version `[\w.]+' not found",
    r"No module named ['\"]?[\w.-]+",
    r"cannot import name ['\"]?\w+",
    r"Cannot find (?:module|package) ['\"][^'\"\n]+",
    r"cannot load such file -- \S+",
    r"(?:ClassNotFoundException|NoClassDefFoundError|UnsatisfiedLinkError): [\w.$/-]+",
    r"exec format error",
    r"Segmentation fault|Illegal instruction",
)
NAMELESS = (
    r"No such file or directory|Permission denied|(?:command |executable file )?not found(?! in module)(?=$|\s|:)"
)
FOUND = re.compile("|".join(NAMED), re.IGNORECASE)
PATH = re.compile(
    rf"^.*?(?P<before>[^\s:{QUOTES}]+)?[{QUOTES}]?:? ?\b(?P<what>{NAMELESS})"
    rf"(?:[:,] (?:\w+ )?[{QUOTES}](?P<after>[^{QUOTES}\n]+))?",
    re.IGNORECASE | re.MULTILINE,
)
SHELL = re.compile(r"(?:^|[\s/])(?:\w*sh|env|exec|line \d+|[\w./-]+\.sh)\b.*not found", re.IGNORECASE)
UNQUOTED = str.maketrans(dict.fromkeys(QUOTES))
NUMBER = re.compile(r"\d+")


def symptoms(log: str) -> frozenset[str]:
    """Short texts, the same for two starts of one image: without folders, times and numbers."""
    log = "\n".join(line[-LINE:] for line in log.splitlines())
    found = {match[0] for match in FOUND.finditer(log)}
    for match in PATH.finditer(log):
        place = (match["after"] or match["before"] or "").rstrip("/").rpartition("/")[2]
        said = "not found" if match["what"].lower().endswith("not found") else match["what"].lower()
        if place == "file" or (said == "not found" and not SHELL.search(match[0])):
            continue  # the loader says so behind the library's name; pages are not found as well
        found.add(NUMBER.sub("#", f"{place}: {said}" if place else said))
    return frozenset(text.translate(UNQUOTED) for text in found)
