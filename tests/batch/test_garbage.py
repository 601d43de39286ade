"""Garbage: looked for seldom while many files are worked through, as before afterwards, and hardly any is left."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import ref

from dockopt.batch.garbage import OBJECTS, collecting_seldom
from dockopt.batch.work import Job, rewrite
from dockopt.config import Settings
from dockopt.engine.pipeline import optimize
from dockopt.engine.registry import transforms
from dockopt.estimate.stages import walked
from dockopt.model.dockerfile import _PARSED, Dockerfile
from tests.harness import context_of, settings_of

TEXT = b"FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN curl -O https://example.com/a.tar.gz\n"


def test_garbage_is_looked_for_seldom_and_afterwards_as_before() -> None:
    before = gc.get_threshold()
    with collecting_seldom():
        assert gc.get_threshold() == (OBJECTS, *before[1:])
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)


def test_a_snapshot_goes_with_its_last_user_though_it_was_walked_through() -> None:
    gc.disable()
    try:
        file = Dockerfile(Dockerfile.parse("FROM debian:12\nRUN apt-get update\n").tree)
        walk = file.facts(walked)
        assert walk.file is file
        assert len(walk.layers(file.final)) == 2
        gone = ref(file)
        del file, walk
        assert gone() is None
    finally:
        gc.enable()


@contextmanager
def only_cycles() -> Iterator[list[object]]:
    """What of ours only the collector gets rid of, in the list once the block is done."""
    found: list[object] = []
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        _PARSED.clear()
        gc.collect()
        found += [one for one in gc.garbage if type(one).__module__.startswith("dockopt")]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()


def test_a_rewritten_file_leaves_no_cycles() -> None:
    rewrite("Dockerfile", TEXT, Job(Settings(), context=None))
    with only_cycles() as left:
        result = rewrite("Dockerfile", TEXT.replace(b"curl", b"wget"), Job(Settings(), context=None))
    assert result.changed
    assert left == []


def test_no_analysis_leads_back_to_its_snapshot() -> None:
    examples = [example for transform in transforms() for example in transform.examples if example.context]
    with only_cycles() as left:
        for example in examples:
            optimize(example.before, settings_of(example), context_of(example))
    assert left == []
