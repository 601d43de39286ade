"""Layers laid on one another: what a container sees, and what each layer weighs."""

import io
from collections.abc import Mapping

import pytest
from tests.build.tars import Made, Member, blobs, folder, link, same, tar

from dockopt.build import archive
from dockopt.build.image import Image, setting

OLD = (
    folder("a"),
    folder("a/b"),
    Member("a/b/one", b"1"),
    Member("a/two", b"22"),
    Member("top", b"333"),
)
ALL = {"a": "", "a/b": "", "a/b/one": "1", "a/two": "22", "top": "333"}


def image(*layers: tuple[Member, ...], config: Mapping[str, object] | None = None) -> Image:
    named = {f"layer{number}": tar(*members) for number, members in enumerate(layers)}
    return archive.read(io.BytesIO(blobs(Made(["x:1"], named, config=config))))["x:1"]


def without(*paths: str) -> dict[str, str]:
    return {path: text for path, text in ALL.items() if path not in paths}


@pytest.mark.parametrize(
    ("layer", "left"),
    [
        ((), ALL),
        ((Member(".wh.top"),), without("top")),
        ((Member("a/.wh.b"),), without("a/b", "a/b/one")),
        ((Member("a/.wh.two"), Member("a/two", b"4444")), ALL | {"a/two": "4444"}),
        ((folder("a"), Member("a/.wh..wh..opq"), Member("a/new", b"n")), {"a": "", "a/new": "n", "top": "333"}),
        ((Member("a/b/.wh..wh..opq"),), without("a/b/one")),
        ((Member(".wh.gone"), Member("a/.wh.b.txt")), ALL),
        ((Member("a", b"file"),), {"a": "file", "top": "333"}),
        ((link("a/b", "/srv"),), without("a/b", "a/b/one") | {"a/b": "/srv"}),
        ((folder("a", 0o700),), ALL),
        ((folder("top"), Member("top/in", b"i")), ALL | {"top": "", "top/in": "i"}),
        ((Member("az", b"z"), Member(".wh.a")), {"top": "333", "az": "z"}),
    ],
    ids=[
        *("nothing", "file", "folder", "made anew", "opaque", "opaque within", "nothing there", "file for folder"),
        *("link for folder", "mode", "folder for file", "like-named"),
    ],
)
def test_a_layer_hides_and_adds(layer: tuple[Member, ...], left: dict[str, str]) -> None:
    plain = image(tuple(Member(path, text.encode()) for path, text in left.items()))
    found = image(OLD, layer).files
    assert {*found} == {*left}
    contents = {path: entry.content for path, entry in found.items() if entry.kind == "file"}
    assert contents == {path: plain.files[path].content for path in contents}


def test_a_folder_without_an_entry_of_its_own_is_hidden_too() -> None:
    assert {*image((Member("opt/app/one", b"1"), Member("opt/two", b"2")), (Member("opt/.wh.app"),)).files} == {
        "opt/two"
    }


def test_the_last_mode_and_owner_count() -> None:
    found = image(OLD, (Member("top", b"333", mode=0o755, owner=7, group=8),)).files["top"]
    assert (found.mode, found.owner, found.group, found.size) == (0o755, 7, 8, 3)


def test_what_is_hidden_still_weighs() -> None:
    found = image(OLD, (Member(".wh.top"), Member("more", b"4444"), same("again", "more")))
    assert ([layer.size for layer in found.layers], found.size) == ([6, 4], 10)


def test_texts_go_with_their_files() -> None:
    tables = (Member("var/lib/dpkg/status", b"old"), Member("var/lib/dpkg/info/a.list", b"/a"))
    found = image(tables, (Member("var/lib/dpkg/status", b"new"), Member("var/lib/dpkg/info/.wh.a.list")))
    assert found.texts == {"var/lib/dpkg/status": "new"}


def test_accounts_are_kept() -> None:
    found = image((Member("etc/passwd", b"a:x:1:1"), Member("etc/group", b"b:x:2:"), Member("etc/other", b"c")))
    assert found.texts == {"etc/passwd": "a:x:1:1", "etc/group": "b:x:2:"}


@pytest.mark.parametrize(
    ("config", "value"), [({"Volumes": {}}, None), ({}, None), ({"Volumes": {"/a": {}}}, {"/a": {}})]
)
def test_empty_settings_are_none(config: Mapping[str, object], value: object) -> None:
    assert setting(image(OLD, config=config), "Volumes") == value
