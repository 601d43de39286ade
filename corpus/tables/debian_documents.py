"""Manuals, documents and translations of the packages on this machine: writes `debian_documents.csv`.

Usage: python corpus/tables/debian_documents.py      (Debian that unpacks them, which slim images do not)

Kilobytes by package, measured on its files. Packages from elsewhere are left out: they are none of Debian's, or
their documents are larger than Debian's whole package.
"""

import documents

import debian

HEADER = "package,kilobytes"


def main() -> None:
    packages = debian.index("bookworm").packages
    rows = [
        f"{name},{kilobytes}"
        for name, kilobytes in sorted(documents.kilobytes().items())
        if name in packages and kilobytes * 1024 <= packages[name].size
    ]
    (debian.KNOWLEDGE / "debian_documents.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    print(f"{len(rows)} packages")


if __name__ == "__main__":
    main()
