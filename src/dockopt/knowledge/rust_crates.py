"""Rust crates that link libraries which are not Rust: whether they bring them, or need a Debian package at run time.

Crates called `-sys` are known or unknown by their row; any other crate without a row is Rust alone. A row speaks of
Linux with glibc, and of what the crate's build script does.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from dockopt.knowledge.tables import table

CERTIFICATES = frozenset(
    {"openssl-sys", "openssl-probe", "native-tls", "rustls-native-certs", "rustls-platform-verifier", "curl-sys"}
)
"""Crates that read the certificates of the system."""


class CrateRow(NamedTuple):
    """`kind` is "none", "bundled", "build", "system" (linked to `library`, a development package, where it is
    installed, `unless` the crate of that name is locked as well), "loads" (opens a library by name) or "refuse".
    """

    kind: str
    library: str
    unless: str


def lookup(name: str) -> CrateRow | None:
    """The row of a crate; for one that is not called `-sys` and has none, that it is Rust alone."""
    row = _rows().get(name)
    if row is None and not name.endswith(("-sys", "_sys")):
        return CrateRow("none", "", "")
    return row


@cache
def _rows() -> Mapping[str, CrateRow]:
    return {row[0]: CrateRow(row[1], row[2], row[3]) for row in table("rust_crates")}
