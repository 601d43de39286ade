"""Paths that differ between two builds of one and the same file, and paths that hold nothing but waste.

Found by building real files twice and comparing the images (content only; sizes differ by a few kB).
"""

import re
from collections.abc import Iterable
from fnmatch import translate

NOISE = (
    "etc/.pwd.lock",
    "etc/hostname",
    "etc/hosts",
    "etc/ld.so.cache",
    "etc/machine-id",
    "etc/mtab",
    "etc/resolv.conf",
    "etc/shadow*",
    "etc/ssl/certs/java/cacerts",
    "etc/ssl/private/*",
    "root/.npm/*",
    "tmp/hsperfdata_*",
    "tmp/node-compile-cache*",
    "usr/share/info/dir*",
    "var/cache/debconf/*",
    "var/cache/fontconfig/*",
    "var/cache/ldconfig/*",
    "var/lib/apt/extended_states",
    "var/lib/dpkg/available*",
    "var/lib/dpkg/lock*",
    "var/lib/dpkg/status*",
    "var/lib/dpkg/triggers/*",
    "var/lib/systemd/*",
    "var/lib/ucf/*",
    "*/.package-lock.json",
    "*/.yarn-state.yml",
    "*/.modules.yaml",
    "*.pyc",
    "*/__pycache__",
)
"""Content that depends on the time or the order of the build."""
COMPILED = ("*.so", "*.so.*", "*.node", "*.a", "*.o")
"""What a compiler wrote may name the temporary folder it worked in; its size does not change with that."""


def _below(*folders: str) -> tuple[str, ...]:
    return tuple(pattern for folder in folders for pattern in (folder, f"{folder}/*"))


WASTE = {
    "package lists of apt": _below("var/lib/apt/lists"),
    "cache of apt": _below("var/cache/apt"),
    "cache of apk": (*_below("var/cache/apk"), "etc/apk/cache/*"),
    "cache of pip": _below("*.cache/pip"),
    "cache of npm": _below(".npm", "*/.npm", "*/_cacache"),
    "cache of yarn": _below("usr/local/share/.cache", "*.cache/yarn"),
    "cache of uv": _below("*.cache/uv"),
    "cache of poetry": _below("*.cache/pypoetry"),
    "cache of Go": _below("*.cache/go-build"),
    "other caches": _below("*.cache/node-gyp", "*/.node-gyp", "*.cache/fontconfig", "*/.config/configstore"),
    "logs": ("var/log/*",),
    "compiled Python files": ("*.pyc", "*/__pycache__"),
}
"""What may leave any image: nothing that runs reads it, and who needs it makes it again."""
LITTER = {
    "other caches": _below(".cache", "*/.cache", "*/.config"),
    "temporary files": _below("tmp", "var/tmp"),
}
"""What mostly is as good as waste, but may hold what a program was told to keep there."""


def _matcher(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns))


_NOISE = _matcher(NOISE)
_COMPILED = _matcher(COMPILED)
_WASTE = {name: _matcher(patterns) for name, patterns in WASTE.items()}
_LITTER = {name: _matcher(patterns) for name, patterns in LITTER.items()}


def is_noise(path: str) -> bool:
    return _NOISE.match(path) is not None


def is_compiled(path: str) -> bool:
    return _COMPILED.match(path) is not None


def waste(path: str) -> str:
    """What kind of waste a path holds, "" for none."""
    return next((name for name, pattern in _WASTE.items() if pattern.match(path)), "")


def litter(path: str) -> str:
    """What kind of waste a path may hold, temporary files and caches of any program included; "" for none."""
    return waste(path) or next((name for name, pattern in _LITTER.items() if pattern.match(path)), "")
