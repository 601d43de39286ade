"""Which settings hold where, and what is said of those that do not exist."""

import json
from pathlib import Path

import pytest

from dockopt.batch import configuration
from dockopt.batch.configuration import Config, Setting, config_for, schema, settings_of, with_options
from dockopt.config import Settings
from dockopt.errors import InputError
from dockopt.fixes import Level

SCHEMA = Path(__file__).parents[2] / "docs" / "schema-config-1.json"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    configuration.forget()
    return tmp_path


def write(path: str, text: str) -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return str(Path(path).resolve())


def values(folder: str) -> dict[str, object]:
    Path(folder).mkdir(parents=True, exist_ok=True)
    return {key: setting.value for key, setting in config_for(folder).settings.items()}


def test_nothing_said() -> None:
    assert config_for(".") == Config({})
    assert settings_of(config_for(".")) == Settings()


def test_the_nearest_file_holds_alone() -> None:
    write("dockopt.toml", 'level = "safe"\nfew-layers = true\n')
    inner = write("a/pyproject.toml", '[tool.dockopt]\nlevel = "aggressive"\n')
    assert config_for(".").settings["few-layers"].value is True
    Path("a/b").mkdir()
    assert config_for("a/b").settings == {"level": Setting("aggressive", inner)}


def test_a_pyproject_of_others_is_none_of_ours() -> None:
    write("dockopt.toml", 'level = "safe"\n')
    write("a/pyproject.toml", '[tool.other]\nx = "dockopt"\n')
    assert values("a") == {"level": "safe"}


def test_extends_fills_what_is_not_said() -> None:
    write("dockopt.toml", 'level = "safe"\nfew-layers = true\nexclude = ["x"]\n')
    write("a/dockopt.toml", 'extends = "../dockopt.toml"\nlevel = "standard"\nexclude = ["y"]\n')
    assert values("a") == {"level": "standard", "few-layers": True}
    root = str(Path.cwd())
    assert config_for("a").excluded == ((root, ("x",)), (f"{root}/a", ("y",)))


def test_tables_of_folders_come_later() -> None:
    path = write("dockopt.toml", 'level = "safe"\n[folders."a/b"]\nlevel = "aggressive"\ncontext = "."\n')
    assert values("a") == {"level": "safe"}
    assert values("a/bc") == {"level": "safe"}
    Path("a/b/c").mkdir(parents=True)
    assert config_for("a/b/c").settings["level"] == Setting("aggressive", f"{path}, folder a/b")


def test_the_command_line_comes_last() -> None:
    write("dockopt.toml", 'level = "safe"\nselect = ["remove-apt-lists"]\n')
    config = with_options(config_for("."), {"level": "aggressive"})
    assert settings_of(config) == Settings(level=Level.AGGRESSIVE, select=frozenset({"remove_apt_lists"}))


def test_a_transform_can_be_lowered_and_left_out() -> None:
    write("dockopt.toml", '[levels]\nremove-apt-lists = "safe"\nsplit-builder-stage = "off"\n')
    expected = Settings(ignore=frozenset({"split_builder_stage"}), at_most=(("remove_apt_lists", Level.SAFE),))
    assert settings_of(config_for(".")) == expected


def test_a_search_for_files_ends_at_the_repository(here: Path) -> None:
    (here / "in" / ".git").mkdir(parents=True)
    write("dockopt.toml", 'level = "safe"\n')
    assert values("in") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('levle = "safe"', "there is no setting 'levle'; did you mean level?"),
        ("few_layers = true", "there is no setting 'few_layers'; did you mean few-layers?"),
        ('level = "advice"', "level must be one of safe, standard, aggressive, not 'advice'"),
        ('select = "a"', "select must be a list, not 'a'"),
        ("select = [1]", "select must be a text, not 1"),
        ('few-layers = "yes"', "few-layers must be true or false, not 'yes'"),
        ('ignore = ["remove-apt-list"]', "no transform is called 'remove-apt-list'; did you mean remove-apt-lists?"),
        ('[levels]\nremove-apt-lists = "high"', "levels.remove-apt-lists must be one of "),
        ("folders.a.exclude = []", "there is no setting 'folders.a.exclude'; there are "),
        ("folders.a.levl = 1", "there is no setting 'folders.a.levl'; did you mean level?"),
        ("folders.a = 1", "folders.a. must be a table"),
        ('extends = "gone"', "extends gone, which is no file"),
        ('extends = "dockopt.toml"', "extends dockopt.toml, which leads back here"),
        ("level", "is no TOML: "),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    write("dockopt.toml", text + "\n")
    with pytest.raises(InputError) as caught:
        config_for(".")
    assert str(caught.value).startswith(f"dockopt.toml: {message}")


def test_the_schema_is_the_one_that_is_shipped() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()
