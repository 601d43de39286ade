"""Every table beside the knowledge modules: as many cells as its header, and a source where it has one."""

from pathlib import Path

import pytest

import dockopt.knowledge
from dockopt.knowledge.tables import lines, table

FOLDER = Path(dockopt.knowledge.__file__).parent
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("name", TABLES)
def test_rows_have_as_many_cells_as_the_header(name: str) -> None:
    header = (FOLDER / f"{name}.csv").read_text().partition("\n")[0].split(",")
    for line in lines(name):
        assert len(line.split(",")) == len(header), line
        if header[-1] == "source":
            assert line.rpartition(",")[2].strip(), line


def test_all_tables_together_stay_small() -> None:
    assert sum((FOLDER / f"{name}.csv").stat().st_size for name in TABLES) < 1_500_000


def test_runtime_libraries_of_common_development_packages() -> None:
    rows = {(row[0], row[1]): row[2].split() for row in table("runtime_libraries")}
    assert rows["libpq-dev", "bookworm"] == ["libpq5"]
    assert rows["libpq-dev", "trixie"] == ["libpq5"]
    assert rows["libssl-dev", "bookworm"] == ["libssl3"]
    assert rows["libssl-dev", "trixie"] == ["libssl3t64"]
    assert rows["libjpeg-dev", "bookworm"] == ["libjpeg62-turbo"]
    assert rows["default-libmysqlclient-dev", "bookworm"] == ["libmariadb3"]
    assert rows["libncurses5-dev", "bookworm"] == ["libtinfo6", "libncurses6", "libncursesw6"]
    assert rows["libeigen3-dev", "bookworm"] == []
    assert ("php-dev", "bookworm") not in rows
