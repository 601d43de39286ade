"""One requirement as pip takes it from a line: a package of an index, something local, or a repository.

Reads the text only: whether a path exists is not asked, and a marker is kept as written.
"""

from typing import NamedTuple

REPOSITORIES = ("git+", "hg+", "svn+", "bzr+")
BARE_REPOSITORIES = ("git:", "hg:", "svn:", "bzr:")
ADDRESSES = ("http:", "https:", "ftp:", "file:", *REPOSITORIES)
ARCHIVES = (".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz", ".tar.lz")
NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
VERSION = r"(?:===\s*[^\s,;]+|(?:~=|==|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+)"
VERSIONS = rf"{VERSION}(?:\s*,\s*{VERSION})*"
EXTRAS = rf"(?:\[\s*(?P<extras>(?:{NAME}\s*(?:,\s*{NAME}\s*)*)?)\])?"
WHOLE = rf"(?P<name>{NAME})\s*{EXTRAS}\s*(?:@\s*(?P<url>\S+)|\((?P<inner>{VERSIONS})\s*\)|(?P<versions>{VERSIONS})?)\s*"


class Requirement(NamedTuple):
    """A package by normalised name; from an index unless `url` says where from. `name` is "" where the url hides it."""

    name: str
    extras: tuple[str, ...] = ()
    specifier: str = ""
    url: str = ""
    marker: str = ""
    hashed: bool = False
    file: str = ""
    line: int = 0


class Local(NamedTuple):
    """A project folder or archive, `path` as written: relative to the folder pip runs in, "." for that folder."""

    path: str
    editable: bool = False
    extras: tuple[str, ...] = ()
    marker: str = ""
    file: str = ""
    line: int = 0


class Repository(NamedTuple):
    """A project fetched with the version control program that `url` begins with (`git+…`)."""

    url: str
    name: str = ""
    editable: bool = False
    file: str = ""
    line: int = 0


def normalised(name: str) -> str:
    """A package name in the one spelling indexes use (PEP 503)."""
    import re  # noqa: PLC0415 - only where a manifest is read

    return re.sub(r"[-_.]+", "-", name).lower()


def parse_requirement(text: str) -> Requirement | Local | Repository | None:
    """One requirement of a manifest or a requirements file; None where it does not follow the rules."""
    body, marker = _without_marker(text)
    if not body or (marker and not _is_marker(marker)) or (" " in body and _is_address(body)):
        return None
    if body.startswith(REPOSITORIES):
        return Repository(body, _egg(body))
    if body.startswith("file:"):
        return Local(_local_path(body), marker=marker)
    if _is_address(body):
        return Requirement(_name_of(body), url=body, marker=marker)
    path, extras = _without_extras(body)
    if _is_path(path):
        return Local(path, extras=extras, marker=marker)
    return _by_name(body, marker)


def parse_editable(text: str) -> Local | Repository | None:
    """What stands after `-e`: a project folder or a repository."""
    body = text.strip()
    if body.startswith(BARE_REPOSITORIES):
        body = f"{body.partition(':')[0]}+{body}"
    if body.startswith(REPOSITORIES):
        name = _egg(body)
        return Repository(body, name, editable=True) if name else None
    path, extras = _without_extras(body)
    if path.startswith("file:"):
        return Local(_local_path(path), editable=True, extras=extras)
    return Local(path, editable=True, extras=extras) if path and "://" not in path else None


def _by_name(body: str, marker: str) -> Requirement | Local | Repository | None:
    import re  # noqa: PLC0415

    found = re.fullmatch(WHOLE, body)
    if found is None:
        return None
    name = normalised(found["name"])
    extras = _split_extras(found["extras"] or "")
    url = found["url"] or ""
    if url.startswith(REPOSITORIES):
        return Repository(url, name)
    if url.startswith("file:"):
        return Local(_local_path(url), extras=extras, marker=marker)
    if url and not _is_address(url):
        return None
    specifier = "".join((found["inner"] or found["versions"] or "").split())
    return Requirement(name, extras, specifier, url, marker)


def _without_marker(text: str) -> tuple[str, str]:
    separator = "; " if _is_address(text) or "@" in text.partition(";")[0] else ";"
    body, _, marker = text.partition(separator)
    return body.strip(), marker.strip()


def _is_marker(text: str) -> bool:
    import re  # noqa: PLC0415

    operand = r"(?:[a-z_.]+|'[^']*'|\"[^\"]*\")"
    operator = r"\s*(?:===|~=|==|!=|<=|>=|<|>|\bnot\s+in\b|\bin\b)\s*"
    return re.fullmatch(rf"[(\s]*{operand}{operator}{operand}.*", text) is not None


def _is_address(text: str) -> bool:
    return text.lower().startswith(ADDRESSES)


def _is_path(text: str) -> bool:
    before, at, _ = text.partition("@")
    if at and "/" not in before and not before.startswith("."):
        return False
    return "/" in text or text.startswith(".") or text.lower().endswith(ARCHIVES)


def _without_extras(text: str) -> tuple[str, tuple[str, ...]]:
    if not text.endswith("]") or "[" not in text:
        return text, ()
    path, _, extras = text.rpartition("[")
    return path, _split_extras(extras.removesuffix("]"))


def _split_extras(text: str) -> tuple[str, ...]:
    return tuple(sorted(normalised(extra.strip()) for extra in text.split(",") if extra.strip()))


def _local_path(url: str) -> str:
    return "/" + path.lstrip("/") if (path := url.partition("#")[0].removeprefix("file:")).startswith("//") else path


def _egg(url: str) -> str:
    for part in url.partition("#")[2].split("&"):
        if part.startswith("egg="):
            return normalised(part[4:].partition("[")[0])
    return ""


def _name_of(url: str) -> str:
    file = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    if file.endswith(".whl"):
        return normalised(file.partition("-")[0])
    return _egg(url)
