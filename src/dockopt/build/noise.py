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

WASTE = {
    "package lists of apt": ("var/lib/apt/lists", "var/lib/apt/lists/*"),
    "cache of apt": ("var/cache/apt", "var/cache/apt/*"),
    "cache of apk": ("var/cache/apk", "var/cache/apk/*", "etc/apk/cache/*"),
    "cache of pip": ("*.cache/pip", "*.cache/pip/*"),
    "cache of npm": ("*.npm", "*.npm/*"),
    "cache of yarn": ("usr/local/share/.cache*", "*.cache/yarn*", "*.yarn/cache*"),
    "cache of uv": ("*.cache/uv*",),
    "cache of poetry": ("*.cache/pypoetry*",),
    "cache of Go": ("*.cache/go-build*",),
    "other caches": ("*.cache", "*.cache/*", "*.node-gyp", "*.node-gyp/*", "*.config", "*.config/*"),
    "logs": ("var/log", "var/log/*"),
    "temporary files": ("tmp", "tmp/*", "var/tmp", "var/tmp/*"),
    "compiled Python files": ("*.pyc", "*/__pycache__"),
}
"""What may leave any image: nothing that runs reads it, and who needs it makes it again."""


def _matcher(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns))


_NOISE = _matcher(NOISE)
_WASTE = {name: _matcher(patterns) for name, patterns in WASTE.items()}


def is_noise(path: str) -> bool:
    return _NOISE.match(path) is not None


def waste(path: str) -> str:
    """What kind of waste a path holds, "" for none."""
    return next((name for name, pattern in _WASTE.items() if pattern.match(path)), "")
