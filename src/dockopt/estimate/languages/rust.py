"""What cargo adds to a layer: crates and their archives, what building them leaves, the program."""

from itertools import pairwise

from dockopt.estimate.languages.manifests import text_at
from dockopt.estimate.languages.sources import Sources, of_packages
from dockopt.estimate.work import Work
from dockopt.knowledge.ranges import Range
from dockopt.model.commands import Call

UNKNOWN_TARGET = Range(1_000_000, 400_000_000, 4_000_000_000)
UNKNOWN_CRATES = Range(5_000_000, 120_000_000, 900_000_000)
CRATE_BUILT = {"release": Range(900_000, 3_200_000, 9_000_000), "debug": Range(2_000_000, 6_500_000, 18_000_000)}
"""Bytes that building leaves of one crate."""
PROGRAM = Range(350_000, 6_000_000, 80_000_000)
INDEX_ENTRY = Range(10_000, 60_000, 250_000)
"""What cargo notes of one crate of its index; older versions clone the whole index."""
OLD_INDEX = Range(0, 0, 260_000_000)
HOME = "/usr/local/cargo"
BUILDS = ("build", "b", "run", "test", "chef", "rustc", "bench", "check", "clippy")
FOREIGN = ("windows", "winapi", "wasm", "js-sys", "web-sys", "ndk", "jni", "objc", "cocoa", "core-foundation", "redox")
"""How the names of crates begin that a build for Linux does not fetch."""

ASKING = ("dependencies", "dev-dependencies", "build-dependencies", "target", "workspace")
"""Tables of a manifest that may ask for crates."""


def cargo(call: Call, work: Work) -> None:
    words = [value or "" for value in call.values]
    action = next((word for word in words if word and not word.startswith(("-", "+"))), "")
    if action == "clean":
        work.remove(["target"])
    elif action in BUILDS or (action == "install" and "--path" in words):
        _build(words, work, installs=action == "install")
    elif action in ("fetch", "vendor", "generate-lockfile"):
        _crates(work)
    elif action == "install":
        _install(words, work)


def locked(text: str) -> list[str]:
    """The crates of a lockfile that come from an index or a repository."""
    packages = (_toml(text) or {}).get("package")
    if not isinstance(packages, list):
        return []
    names = [str(one.get("name", "")) for one in packages if isinstance(one, dict) and "source" in one]
    return [name for name in names if not name.replace("_", "-").startswith(FOREIGN)]


def needs_nothing(lock: str, manifest: str) -> bool:
    """Whether a lockfile, or else a manifest, says that there are no crates but the project's own."""
    if lock.strip():
        packages = (_toml(lock) or {}).get("package")
        return isinstance(packages, list) and all(isinstance(one, dict) and "source" not in one for one in packages)
    table = _toml(manifest)
    return table is not None and "package" in table and not any(name in table for name in ASKING)


def _toml(text: str) -> dict[str, object] | None:
    """None for what cannot be read."""
    import tomllib  # noqa: PLC0415 - only where crates are built

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _crates(work: Work) -> Sources | None:
    """Add the registry once; what it holds, None where that is not known."""
    lock, manifest = text_at(work, "Cargo.lock") or "", text_at(work, "Cargo.toml") or ""
    names = locked(lock)
    if not names and needs_nothing(lock, manifest):
        return of_packages("crate", ())
    home = work.place(work.setting("CARGO_HOME")) or HOME
    there = work.knows("crates")
    if not names:
        if not there:
            work.add(("crates",), UNKNOWN_CRATES, "crates that the file does not name", f"{home}/registry")
        return None
    found = of_packages("crate", ((name.lower().replace("_", "-"),) for name in names))
    if not there:
        size = found.size.plus(found.archives).plus(INDEX_ENTRY.scaled(len(names))).plus(OLD_INDEX)
        work.add(("crates",), size, found.basis, f"{home}/registry")
    return found


def _build(words: list[str], work: Work, *, installs: bool) -> None:
    found = _crates(work)
    release = installs or "--release" in words or "-r" in words or "--profile=release" in words
    profile = "release" if release else "debug"
    triple = next((after for before, after in pairwise(words) if before == "--target"), "")
    folder = work.place(work.setting("CARGO_TARGET_DIR") or "target")
    key = ("cargo target", folder, profile)
    work.pieces = [piece for piece in work.pieces if piece.key != key]
    there = bool(work.contents.those(lambda piece: piece.key == key))
    size = CRATE_BUILT[profile].scaled(found.packages + 1) if found else UNKNOWN_TARGET
    if there:
        size = Range(0, PROGRAM.expected, size.high)
    work.add(key, size, "what cargo builds", folder)
    name = _name(work)
    if installs:
        work.add(("cargo program", name), PROGRAM, "a program", f"{HOME}/bin/{name}")
    elif name:
        inner = f"{folder}/{triple}/{profile}" if triple else f"{folder}/{profile}"
        work.add(("cargo program", name), PROGRAM, "a program", f"{inner}/{name}")


def _install(words: list[str], work: Work) -> None:
    for name in (word for word in words[1:] if word[:1].isalpha()):
        work.add(("cargo program", name), PROGRAM, "a program", f"{HOME}/bin/{name}")
        work.add(("crates", name), UNKNOWN_CRATES.scaled(0.5), "crates of a program", f"{HOME}/registry")


def _name(work: Work) -> str:
    """The name of the program, as Cargo.toml says it."""
    data = _toml(text_at(work, "Cargo.toml") or "") or {}
    programs = data.get("bin")
    first = programs[0] if isinstance(programs, list) and programs else data.get("package", {})
    name = first.get("name", "") if isinstance(first, dict) else ""
    return str(name)
