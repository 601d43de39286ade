"""Manuals, documents and translations of the packages on this machine: writes `debian_documents.csv`.

Usage: python corpus/tables/debian_documents.py      (Debian that unpacks them, which slim images do not)

Kilobytes by package, measured on its files.
"""

import documents

import debian

HEADER = "package,kilobytes"


def main() -> None:
    rows = [f"{name},{kilobytes}" for name, kilobytes in sorted(documents.kilobytes().items())]
    (debian.KNOWLEDGE / "debian_documents.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    print(f"{len(rows)} packages")


if __name__ == "__main__":
    main()
