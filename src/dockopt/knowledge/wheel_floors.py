"""From which version on a Python package has wheels for a Python version, where a build from source links more.

Source: the changelogs of lxml, Pillow and psycopg2, which name the release that added each Python version, and for
the others the wheels that the index lists. Older pins are built from source on the full image, which has the headers
of these libraries.
"""

FLOORS = {
    "lxml": "3.8:4.5.0 3.9:4.6.2 3.10:4.6.4 3.11:4.9.2 3.12:4.9.3 3.13:5.3.0 3.14:6.0.1",
    "pillow": "3.8:6.2.2 3.9:8.0.0 3.10:8.4.0 3.11:9.3.0 3.12:10.1.0 3.13:11.0.0 3.14:12.0.0",
    "numpy": "3.8:1.17.3 3.9:1.19.3 3.10:1.21.3 3.11:1.23.2 3.12:1.26.0 3.13:2.1.0 3.14:2.3.2",
    "scipy": "3.8:1.4.0 3.9:1.5.4 3.10:1.7.2 3.11:1.9.2 3.12:1.11.2 3.13:1.14.1 3.14:1.16.1",
    "pyyaml": "3.8:5.4 3.9:5.4 3.10:6.0 3.11:6.0 3.12:6.0.1 3.13:6.0.2 3.14:6.0.3",
    "coverage": "3.10:6.2 3.11:6.5.0 3.12:7.3.0 3.13:7.6.2 3.14:7.11.0",
    "psycopg2-binary": "3.8:2.8.5 3.9:2.8.6 3.10:2.9.2 3.11:2.9.5 3.12:2.9.9 3.13:2.9.10 3.14:2.9.11",
}

ALWAYS = frozenset({"black", "mypy", "ruff"})
"""Packages of which every release of the last years has a wheel for any Python 3. Source: the index."""


def built_from_source(name: str, specifier: str, python: str) -> bool:
    """Whether a requirement holds a package to versions that have no wheel for `python` (as in "3.12")."""
    floors = dict(entry.split(":") for entry in FLOORS.get(name, "").split())
    if not floors:
        return False
    floor = _key(floors.get(python, "0" if python < "3.8" else "999"))
    for part in specifier.replace(" ", "").split(","):
        for mark in ("===", "==", "~=", "<=", "<"):
            if part.startswith(mark):
                if _key(part[len(mark) :]) < floor:
                    return True
                break
    return False


def has_wheel(name: str, specifier: str, python: str) -> bool:
    """Whether a requirement surely ends in a wheel: newest releases have one, pins where the floor is known."""
    if name in FLOORS:
        floors = dict(entry.split(":") for entry in FLOORS[name].split())
        return python in floors and not built_from_source(name, specifier, python)
    return name in ALWAYS or not any(mark in specifier for mark in ("==", "~=", "<"))


def _key(version: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in version.split("."):
        digits = part[: next((at for at, letter in enumerate(part) if not letter.isdigit()), len(part))]
        numbers.append(int(digits or 0))
    return tuple(numbers)
