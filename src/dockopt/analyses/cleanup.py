"""Which commands only throw away what a package manager keeps, and which options only stop it from keeping it."""

from collections.abc import Sequence

from dockopt.fixes import Aspect

LISTS = "/var/lib/apt/lists"
PACKAGE_CACHES = (
    *("/var/cache/apt", "/var/lib/apt", "/var/cache/apk", "/var/cache/debconf", "/var/cache/dnf", "/var/cache/yum"),
    *("/usr/local/bundle/cache/", '$(gem env gemdir)"/cache/'),
)
TOOL_CACHES = ("/root/.npm", "~/.npm", "/root/.cache", "~/.cache", "$HOME/.npm", "$HOME/.cache")


def cleans(words: Sequence[str]) -> Aspect | None:
    """The aspect a cleanup command belongs to, None for any other command. Words are as written."""
    plain = [word.strip("\"'") for word in words]
    match [plain[0].rpartition("/")[2], *plain[1:]] if plain else plain:
        case ["apt-get" | "apt", "clean" | "autoclean"]:
            return Aspect.CACHES
        case ["npm", "cache", "clean", *rest] if set(rest) <= {"--force", "-f"}:
            return Aspect.CACHES
        case ["dnf" | "dnf5" | "yum" | "microdnf", "clean", "all"] | ["yarn", "cache", "clean"]:
            return Aspect.CACHES
        case ["composer" | "composer.phar", "clear-cache" | "clearcache" | "cc"]:
            return Aspect.CACHES
        case ["conda" | "mamba" | "micromamba", "clean", *_] | ["gem", "env", "gemdir"]:
            return Aspect.CACHES
        case ["rm", *rest]:
            return _removes([word for word in rest if not word.startswith("-")])
        case _:
            return None


def _removes(paths: list[str]) -> Aspect | None:
    if paths and all(path.startswith(LISTS) for path in paths):
        return Aspect.PACKAGE_LISTS
    if paths and all(path.startswith((*PACKAGE_CACHES, *TOOL_CACHES)) for path in paths):
        return Aspect.CACHES
    return None


def cache_options(words: Sequence[str]) -> frozenset[str]:
    """The words of a command that only say whether a cache is kept."""
    match [word for word in words if not word.startswith("-")]:
        case ["apk", *rest] if "add" in rest or "upgrade" in rest:
            return frozenset({"--no-cache", "--update", "--update-cache", "-U"})
        case [program, *rest] if "install" in rest and ("pip" in program or "pip" in rest):
            return frozenset({"--no-cache-dir"})
        case _:
            return frozenset()


def only_fetches_index(words: Sequence[str]) -> bool:
    """Whether a command does nothing but save apk's package index, which `apk --no-cache` never reads."""
    return [word for word in words if word not in ("-q", "--quiet", "--no-cache")] == ["apk", "update"]


def updates_apt(words: Sequence[str]) -> bool:
    """Whether a command does nothing but fetch apt's package lists."""
    return [word for word in words if not word.startswith("-")] in (["apt-get", "update"], ["apt", "update"])


def installs_with_apt(words: Sequence[str]) -> bool:
    plain = [word for word in words if not word.startswith("-")]
    return plain[:1] != [] and plain[0].rpartition("/")[2] in ("apt-get", "apt") and "install" in plain[1:]
