"""The list of transforms and the page of one."""

import json
from collections.abc import Iterator

import pytest

from dockopt.cli import main
from dockopt.engine.registry import transforms
from dockopt.fixes import Aspect, Evidence, Example, Fix, Level, Phase, Strength, Transform
from dockopt.model.dockerfile import Dockerfile
from dockopt.report.catalogue import levels, lowest_level, page
from dockopt.text.edits import Edit
from dockopt.text.source import Span

EXAMPLES = (
    Example("FROM old\nCMD x\n", "FROM new\nCMD x\n"),
    Example("FROM old\n", "FROM new\n", context={"a.txt": "", "b.txt": ""}, level=Level.AGGRESSIVE),
    Example("FROM other\n", "FROM other\n", because="it is not old"),
)
PAGE = """\
# use-new

Use `new` for `old`.

Because.

Level: safe or aggressive, by the evidence. May change: stages and what they are built on.

## Changes

```diff
-FROM old
+FROM new
 CMD x
```

The build context holds `a.txt`, `b.txt`; with `--level aggressive`:

```diff
-FROM old
+FROM new
```

## Leaves alone

Because it is not old:

```dockerfile
FROM other
```
"""


def apply(file: Dockerfile) -> Iterator[Fix]:
    if file.text.startswith("FROM old"):
        strength = Strength.PROVEN if file.context is None else Strength.ASSUMED
        yield Fix("use new", (Edit(Span(5, 8), "new"),), (Evidence("old is old", strength),))


USE_NEW = Transform(
    "use_new", apply, Phase.SPELLING, frozenset({Aspect.STAGES}), EXAMPLES, "Use `new` for `old`.\n\nBecause.\n"
)


def test_a_page() -> None:
    assert levels(USE_NEW) == (Level.SAFE, Level.AGGRESSIVE)
    assert lowest_level(USE_NEW) == "safe"
    assert "\n".join(page(USE_NEW)) + "\n" == PAGE


@pytest.mark.parametrize("transform", transforms(), ids=lambda transform: transform.label)
def test_every_transform_has_a_level_and_a_page(
    transform: Transform, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert lowest_level(transform) in {"safe", "standard", "aggressive", "advice", "style"}
    assert main(["explain", transform.name]) == 0
    assert capfdbinary.readouterr().out.decode() == "\n".join(page(transform)) + "\n"


def test_the_list(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["list"]) == 0
    lines = capfdbinary.readouterr().out.decode().splitlines()
    names = sorted(transform.label for transform in transforms())
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == names
    assert max(map(len, lines)) <= 100
    assert main(["list", "--format", "json"]) == 0
    listed = json.loads(capfdbinary.readouterr().out)
    assert [one["name"] for one in listed["transforms"]] == names
