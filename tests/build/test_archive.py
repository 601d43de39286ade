"""Image archives of every shape, and those that are none or end too soon."""

import hashlib
import io
from collections.abc import Callable, Mapping

import pytest
from tests.build.tars import (
    CHARACTER_DEVICE,
    FIFO,
    Made,
    Member,
    blobs,
    folder,
    folders,
    link,
    same,
    squeezed,
    tar,
)

from dockopt.build import archive
from dockopt.build.image import Entry, Image, Layer, Step
from dockopt.errors import BuildError

Pack = Callable[..., bytes]

BASE = tar(folder("etc"), Member("etc/motd", b"hello", owner=1, group=2), link("bin", "usr/bin"))
TOP = tar(folder("app/"), Member("app/run", b"#!/bin/sh\n", mode=0o4755))
HISTORY = (
    {"created_by": "/bin/sh -c #(nop) ADD file:1 in / "},
    {"created_by": '/bin/sh -c #(nop)  CMD ["sh"]', "empty_layer": True},
    {"created_by": "COPY run /app/run # buildkit"},
)
ENTRIES = {
    "etc": Entry("folder", 0o755, 0, 0, 0, ""),
    "etc/motd": Entry("file", 0o644, 1, 2, 5, hashlib.sha256(b"hello").hexdigest()),
    "bin": Entry("link", 0o777, 0, 0, 0, "usr/bin"),
    "app": Entry("folder", 0o755, 0, 0, 0, ""),
    "app/run": Entry("file", 0o4755, 0, 0, 10, hashlib.sha256(b"#!/bin/sh\n").hexdigest()),
}


def read(data: bytes) -> Mapping[str, Image]:
    return archive.read(io.BytesIO(data))


def layer(*members: Member) -> Layer:
    """A layer as it is read back."""
    (found,) = read(blobs(Made(["x:1"], {"a": tar(*members)})))["x:1"].layers
    return found


@pytest.mark.parametrize("pack", [blobs, folders])
@pytest.mark.parametrize("packed", [bytes, squeezed])
def test_an_image_is_read(pack: Pack, packed: Callable[[bytes], bytes]) -> None:
    made = Made(["x:1"], {"a": packed(BASE), "b": packed(TOP)}, HISTORY, {"Cmd": ["sh"], "Env": ["A=1", "B"]})
    found = read(pack(made))
    assert {*found} == {"x:1"}
    image = found["x:1"]
    assert [(step.instruction, step.size) for step in image.steps] == [
        ("ADD file:1 in /", 5),
        ('CMD ["sh"]', 0),
        ("COPY run /app/run", 10),
    ]
    assert image.files == ENTRIES
    assert (image.size, image.config, image.environment) == (15, made.config, {"A": "1", "B": ""})


@pytest.mark.parametrize("pack", [blobs, folders])
def test_images_share_their_layers(pack: Pack) -> None:
    found = read(pack(Made(["x:1", "x:2"], {"a": BASE}), Made(["y:1"], {"a": BASE, "b": TOP})))
    assert {tag: image.size for tag, image in found.items()} == {"x:1": 5, "x:2": 5, "y:1": 15}
    assert found["y:1"].layers[0] is found["x:1"].layers[0]
    assert found["x:1"] is found["x:2"]


def test_archives_may_follow_one_another() -> None:
    data = folders(Made(["x:1"], {"a": BASE})) + folders(Made(["y:1"], {"a": BASE, "b": TOP})).rstrip(b"\0")
    assert {tag: image.size for tag, image in read(data + bytes(1024)).items()} == {"x:1": 5, "y:1": 15}


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("x:1", "x:1"),
        ("localhost/x:1", "x:1"),
        ("docker.io/library/x:1", "x:1"),
        ("docker.io/a/x:1", "a/x:1"),
        ("registry.example/localhost/x:1", "registry.example/localhost/x:1"),
    ],
)
def test_what_goes_without_saying_is_left_out_of_tags(told: str, known: str) -> None:
    assert [*read(blobs(Made([told], {"a": BASE})))] == [known]


def test_images_without_a_tag_are_left_out() -> None:
    assert read(blobs(Made([], {"a": BASE}), Made(["x:1"], {"a": BASE}))).keys() == {"x:1"}


def test_whiteouts_and_opaque_folders_are_told_apart() -> None:
    found = layer(Member("a/.wh.b"), Member(".wh.c"), Member("d/.wh..wh..opq"), Member("d/e", b"1"))
    assert (found.removed, found.emptied) == (frozenset({"a/b", "c"}), frozenset({"d"}))
    assert {*found.entries} == {"d/e"}


def test_a_second_name_of_a_file_has_its_content_and_no_size() -> None:
    found = layer(Member("a", b"12345", mode=0o600), same("./b/c", "a"), same("d", "gone"))
    content = hashlib.sha256(b"12345").hexdigest()
    assert found.entries == {
        "a": Entry("file", 0o600, 0, 0, 5, content),
        "b/c": Entry("file", 0o644, 0, 0, 0, content),
        "d": Entry("file", 0o644, 0, 0, 0, "gone"),
    }
    assert found.size == 5


def test_devices_are_known_by_their_numbers() -> None:
    found = layer(
        Member("srv/null", type=CHARACTER_DEVICE, numbers=(1, 3), mode=0o666), Member("srv/pipe", type=FIFO, mode=0o600)
    )
    assert found.entries == {
        "srv/null": Entry("other", 0o666, 0, 0, 0, "1 3"),
        "srv/pipe": Entry("other", 0o600, 0, 0, 0, "0 0"),
    }


def test_what_the_engine_mounts_is_left_out() -> None:
    assert {*layer(folder("dev"), Member("dev/a"), Member("proc/b"), folder("sys"), Member("device")).entries} == {
        "device"
    }


def test_names_need_not_be_text() -> None:
    name = b"caf\xe9/\xff\xfe".decode("utf-8", "surrogateescape")
    long = "d" * 90 + "/" + "ü" * 120
    assert {*layer(Member(name, b"1"), Member(long, b"2")).entries} == {name, long}


def test_a_layer_that_begins_like_json_is_one() -> None:
    assert {*layer(Member("[id].js", b"1"), Member("{}", b"2")).entries} == {"[id].js", "{}"}


def test_layers_may_be_empty() -> None:
    image = read(blobs(Made(["x:1"], {"a": bytes(1024), "b": squeezed(bytes(1024))})))["x:1"]
    assert [layer.entries for layer in image.layers] == [{}, {}]


def test_package_tables_are_kept() -> None:
    paths = ("var/lib/dpkg/status", "var/lib/dpkg/info/a.list", "lib/apk/db/installed", "var/lib/dpkg/status.d/base")
    found = layer(*(Member(path, path.encode()) for path in paths), Member("var/lib/dpkg/info/a.postinst", b"no"))
    assert found.texts == {path: path for path in paths}


def test_when_a_python_file_was_compiled_does_not_count() -> None:
    first, second = (
        layer(Member("a.pyc", b"magi" + time + b"code"), Member("a.txt", b"magi" + time + b"code"))
        for time in (b"A" * 12, b"B" * 12)
    )
    assert first.entries["a.pyc"] == second.entries["a.pyc"]
    assert first.entries["a.txt"] != second.entries["a.txt"]
    assert first.entries["a.pyc"] != layer(Member("a.pyc", b"magi" + b"A" * 12 + b"edoc")).entries["a.pyc"]


@pytest.mark.parametrize(
    ("line", "instruction"),
    [
        ("RUN /bin/sh -c apt-get  update # buildkit", "RUN apt-get update"),
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ("RUN |2 A=1 B=2 /bin/sh -c make # buildkit", "RUN make"),
        ("|1 A=b c /bin/sh -c make", "RUN make"),
        ("/bin/sh -c #(nop) COPY file:12 in /one ", "COPY file:12 in /one"),
        ("RUN /bin/bash -o pipefail -c a | b # buildkit", "RUN /bin/bash -o pipefail -c a | b"),
        ("/bin/bash -o pipefail -c a | b", "RUN /bin/bash -o pipefail -c a | b"),
        ("ENV A=/bin/sh -c", "ENV A=/bin/sh -c"),
        ('ENTRYPOINT ["/bin/sh" "-c" "x"]', 'ENTRYPOINT ["/bin/sh" "-c" "x"]'),
        ("", ""),
    ],
)
def test_history_is_told_as_instructions(line: str, instruction: str) -> None:
    image = read(blobs(Made(["x:1"], {}, [{"created_by": line, "empty_layer": True}])))["x:1"]
    assert image.steps == (Step(instruction, None),)


def test_layers_without_a_history_stand_at_the_end() -> None:
    image = read(blobs(Made(["x:1"], {"a": BASE, "b": TOP}, [{"created_by": "ADD x /"}])))["x:1"]
    assert [(step.instruction, step.size) for step in image.steps] == [("ADD x /", 5), ("", 10)]


WHOLE = blobs(Made(["x:1"], {"a": BASE, "b": squeezed(TOP)}))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the image archive cannot be read: empty file"),
        (b"Error: no such image\n" * 100, "the image archive has no manifest"),
        (tar(Member("a", b"b")), "the image archive has no manifest"),
        (tar(Member("manifest.json", b"[{}]")), "the image archive cannot be read: 'Config'"),
        (tar(Member("manifest.json", b"{nothing")), None),
        (tar(Member("manifest.json", b"[3]")), None),
        (blobs(Made(["x:1"], {"a": b"x" * 600})), "the image archive cannot be read: invalid header"),
        (blobs(Made(["x:1"], {"a": squeezed(BASE)[:-9]})), None),
        (blobs(Made(["x:1"], {"a": squeezed(BASE)[:40] + b"\xff" * 400})), None),
        (
            blobs(Made(["x:1"], {"a": b"\x28\xb5\x2f\xfd" + bytes(600)})),
            "the engine keeps layers compressed with zstd, which dockopt does not read",
        ),
    ],
)
def test_what_is_no_archive_is_refused(data: bytes, reason: str | None) -> None:
    with pytest.raises(BuildError) as caught:
        read(data)
    message = str(caught.value)
    assert message == reason if reason else message.startswith("the image archive cannot be read: ")


def test_an_archive_that_ends_too_soon_is_refused() -> None:
    end = len(WHOLE.rstrip(b"\0"))
    assert read(WHOLE[: end + -end % 512]).keys() == {"x:1"}
    for length in range(0, end, 97):
        with pytest.raises(BuildError):
            read(WHOLE[:length])


def test_capabilities_of_a_program_are_read() -> None:
    found = layer(Member("bin/ping", b"x", attributes={"security.capability": "\x01\x02"}), Member("bin/ls", b"y"))
    assert {path: entry.attributes for path, entry in found.entries.items()} == {
        "bin/ping": "security.capability='\\x01\\x02'",
        "bin/ls": "",
    }
