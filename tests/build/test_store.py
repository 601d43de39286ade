"""The store of podman and buildah: what a run put there goes, and nothing else."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.build.fakes import Fake, calls

from dockopt.build.engine import Options, Request
from dockopt.build.store import Store, added

LOG = """\
[1/2] STEP 1/2: FROM debian AS a
[1/2] STEP 2/2: RUN echo --> 0123456789ab
--> Using cache 8b5b89091e8fd368aa2d191d2a4166f53ccbbf2f178e7ca844efca710a0f1cfa
--> 8b5b89091e8
[2/2] STEP 2/3: COPY --from=a /one /one
--> cca583d4ef6
[2/2] COMMIT p:1
--> 0e1a8dd27b9
Successfully tagged localhost/p:1
"""


def test_steps_that_a_build_added() -> None:
    assert added(LOG) == ["cca583d4ef6", "0e1a8dd27b9"]


STORE = """
case "$1" in
build) echo "--> 0123456789ab"; echo "--> cca583d4ef6"; echo "--> 4e268cdbd41";;
images) printf '%s sha256:%s\\n' localhost/p:1 aaa q:1 bbb '<none>:<none>' cca583d4ef6199 \\
    localhost/pp:2 ddd base:1 4e268cdbd4104 '<none>:<none>' eee;;
containers) printf '%s %s %s\\n' one eee debian-working-container two bbb p-command-0 three eee other four f other;;
info) echo '{{"store": {{"GraphRoot": "{root}", "GraphDriverName": "overlay"}}}}';;
esac
"""


def marked(root: Path, container: str, secrets: Sequence[str] | None) -> None:
    folder = root / "overlay-containers" / container / "userdata"
    folder.mkdir(parents=True)
    (folder / "buildah.json").write_text(json.dumps({"CommonBuildOpts": {"Secrets": secrets}}))


def test_only_ones_own_is_removed_from_the_store(fake: Fake, tmp_path: Path) -> None:
    marked(tmp_path, "one", ["id=key,src=key.txt", "id=dockopt/p:7,src=/dev/null"])
    marked(tmp_path, "three", ["id=dockopt/q:1,src=/dev/null"])
    marked(tmp_path, "four", None)
    file = fake("buildah", STORE.format(root=tmp_path))
    store = Store("buildah", ("images",), ("containers",), ("rm",), ("info",))
    for tag in ("p:1", "q:1"):
        store.build(Request("/d/Dockerfile", "/context", tag, Options(), 20))
    store.remove("p:")
    store.remove("p-command")
    assert [words for words in calls(file) if words[0] in ("rm", "rmi")] == [
        ["rm", "one"],
        ["rmi", "--force", "p:1"],
        ["rmi", "cca583d4ef6"],
        ["rmi", "eee"],
        ["rm", "two"],
    ]
