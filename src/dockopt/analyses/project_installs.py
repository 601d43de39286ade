"""Whether a command installs what files of the project list, going by its words alone, and why it is hard to order.

What such a command reads is found out elsewhere, and only where it stands below a COPY that it need not wait for.
"""

from dockopt.analyses.words import read
from dockopt.model.commands import Call
from dockopt.model.instructions import Run

PROJECT_INSTALLS = frozenset({"install", "i", "ci", "clean-install"})
OF_NO_PROJECT = frozenset({"-g", "--global", "global"})
NODE = frozenset({"npm", "yarn", "pnpm", "bun"})
SUBCOMMANDS = {
    "uv": frozenset({"sync"}),
    "poetry": frozenset({"install", "sync"}),
    "pipenv": frozenset({"install", "sync"}),
    "composer": frozenset({"install", "i"}),
    "dotnet": frozenset({"restore", "build", "publish"}),
    "cargo": frozenset({"fetch", "build", "install", "b"}),
    "mvn": frozenset({"package", "install", "verify", "compile", "dependency:go-offline", "dependency:resolve"}),
    "gradle": frozenset({"build", "assemble", "bootJar", "dependencies", "shadowJar", "installDist", "jar"}),
}
SAME = {"mvnw": "mvn", "gradlew": "gradle"}
REASONS = {
    "cargo": "cargo reads Cargo.toml only together with the sources it names; cargo-chef can build dependencies first",
    "mvn": "Maven fetches what each plugin needs only while it builds, and no step here fetches it beforehand",
    "gradle": "Gradle's build files are programs that may read any file, and they decide what is fetched",
}


def installs_manifests(run: Run) -> bool:
    """Whether a command of the body installs what files of the project list."""
    return run.facts(_install_manifests)


def _install_manifests(calls: tuple[Call, ...]) -> bool:
    return any(map(lists_packages, calls))


def lists_packages(call: Call) -> bool:
    name = SAME.get(call.name or "", call.name)
    words = [value for value in call.values if value]
    if name in NODE:
        alone = name == "yarn" and all(word.startswith("--") for word in words) and "--version" not in words
        installs = alone or not PROJECT_INSTALLS.isdisjoint(words) or (name == "pnpm" and words[:1] == ["fetch"])
        return installs and not OF_NO_PROJECT.intersection(words)
    if name == "go":
        return words[:2] == ["mod", "download"] or words[:1] in (["build"], ["install"], ["vet"], ["test"])
    if name == "bundle":
        return words[:1] in ([], ["install"])
    if name == "uv" and words[:2] == ["pip", "install"]:
        return any(word.partition("=")[0] in ("-r", "--requirement", "-e", "--editable") for word in words)
    if name == "mix":
        return "deps.get" in (word.rstrip(",") for word in words)
    if name in SUBCOMMANDS:
        return not SUBCOMMANDS[name].isdisjoint(words)
    if name in ("conda", "mamba", "micromamba"):
        of_environment = words[:2] in (["env", "create"], ["env", "update"])
        return of_environment or any(word.partition("=")[0] in ("-f", "--file") for word in words)
    reading = read(call) if (name or "").startswith(("pip", "python")) else None
    installs = reading is not None and reading.program == "pip" and reading.subcommand == "install"
    return bool(installs and reading and (reading.option("-r", "--requirement", "-e", "--editable") or _is_here(call)))


def _is_here(call: Call) -> bool:
    """Whether the project in the folder itself is installed."""
    return any(value in (".", "./") or (value or "").startswith(".[") for value in call.values)


def reason_to_stay(run: Run) -> str:
    """What stands in the way of an install of this kind as such, "" where nothing is known to."""
    names = (SAME.get(call.name or "", call.name or "") for call in run.calls if lists_packages(call))
    return next((REASONS[name] for name in names if name in REASONS), "")
