"""The stations and lines, read from YAML once and kept in SQLite."""

import sqlite3
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATABASE = ROOT / "network.db"


def build():
    """Write the database from data/lines.yaml."""
    lines = yaml.safe_load((ROOT / "data" / "lines.yaml").read_text(encoding="utf-8"))
    DATABASE.unlink(missing_ok=True)
    with sqlite3.connect(DATABASE) as database:
        database.execute("create table track (line text, start text, stop text)")
        for line, stations in sorted(lines.items()):
            pairs = zip(stations, stations[1:], strict=False)
            database.executemany("insert into track values (?, ?, ?)", [(line, *pair) for pair in pairs])


def tracks():
    """Every piece of track as (line, start, stop)."""
    with sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True) as database:
        return database.execute("select line, start, stop from track order by line, rowid").fetchall()


if __name__ == "__main__":
    build()
