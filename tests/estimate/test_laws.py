"""Laws of every estimate: ordered figures, sums, no difference to itself; on Dockerfiles made from pieces."""

from hypothesis import given
from hypothesis import strategies as st

from dockopt.context.tree import MemoryContext
from dockopt.estimate.compare import compare
from dockopt.estimate.figures import figures
from dockopt.knowledge.ranges import Range, about, exactly, total
from dockopt.model.dockerfile import Dockerfile

BASES = ("debian:12", "python:3.12", "node:20-slim", "alpine:3.19", "golang:1.22", "team/image", "scratch", "$BASE")
INSTRUCTIONS = (
    "RUN apt-get update",
    "RUN apt-get update && apt-get install -y git curl && rm -rf /var/lib/apt/lists/*",
    "RUN apt-get install -y --no-install-recommends build-essential $EXTRA && apt-get purge -y --auto-remove gcc",
    "RUN if true; then apt-get install -y vim; fi",
    "RUN pip install -r requirements.txt",
    "RUN --mount=type=cache,target=/root/.cache pip install numpy && rm -rf /root/.cache",
    "RUN npm ci && npm cache clean --force",
    "RUN apk add --virtual .x gcc && apk del .x",
    "RUN chown -R 1000 /app",
    "RUN curl -sSL https://example.com/a.tgz | tar xz -C /opt",
    "RUN <<EOF\napt-get update\nEOF",
    'RUN ["./strange"]',
    "COPY . /app",
    "COPY --from=0 / /all",
    "ADD https://example.com/x /x",
    "ENV A=1",
    "WORKDIR /app",
    "USER app",
    "COPY . .",
    "COPY --exclude=*.py --link src lib /app/",
    "COPY --from=0 /app/src/*.py /srv /other/",
    "ADD data.tar.gz app.py /data/",
    "RUN mv /app/src /moved && mv /app/*.py /tmp/ && cp -r /moved /app && rm -rf /app/l*",
    "RUN chmod -R 755 /app && find /app /moved -name '*.py' -exec chown 1 {} + && find / -delete",
    "RUN echo text > /app/app.py && cat >> /x <<EOF\n$Y\nEOF",
    "RUN if true; then mv /app /elsewhere; fi; cp $A /b; sed -i s/a/b/ /app/src/*",
    "RUN --mount=type=bind,target=/m --mount=type=cache,target=/c cp -r /m/src /c /app; tar xf /m/data.tar.gz -C /app",
    "RUN dd if=/dev/zero of=/z bs=1M count=2 && ln /z /y && touch /z /y /app/new && install -D -m 1 /z /q/z",
)
CONTEXT = MemoryContext({"app.py": "x" * 500, "src/a.py": "y" * 70, "lib/b": "z" * 9, "data.tar.gz": "no archive"})
STAGES = st.lists(st.tuples(st.sampled_from(BASES), st.lists(st.sampled_from(INSTRUCTIONS), max_size=5)), min_size=1)
TEXTS = STAGES.map(lambda stages: "".join(f"FROM {base}\n" + "".join(f"{i}\n" for i in body) for base, body in stages))
RANGES = st.lists(st.integers(-(10**12), 10**12), min_size=3, max_size=3).map(lambda values: Range(*sorted(values)))


def is_ordered(size: Range) -> bool:
    return size.low <= size.expected <= size.high


@given(TEXTS, TEXTS)
def test_figures_are_ordered_and_differences_are_those_of_the_totals(first: str, second: str) -> None:
    comparison = compare(Dockerfile.parse(first), Dockerfile.parse(second))
    layers = (*comparison.before, *comparison.after)
    assert all(is_ordered(layer.range) and layer.low >= 0 for layer in layers)
    assert comparison.before_total.range == total(layer.range for layer in comparison.before)
    assert is_ordered(comparison.saves)
    assert comparison.saves.expected == comparison.before_total.expected - comparison.after_total.expected


@given(TEXTS)
def test_a_file_saves_nothing_over_itself(text: str) -> None:
    assert compare(Dockerfile.parse(text), Dockerfile.parse(text)).saves == (0, 0, 0)


@given(TEXTS, st.sampled_from([None, CONTEXT]))
def test_what_travels_is_no_more_than_what_is_stored(text: str, context: MemoryContext | None) -> None:
    file = Dockerfile.parse(text, context)
    found = figures(file, file.final, context)
    sizes = [(layer.size, layer.pull) for layer in found.layers]
    assert all(is_ordered(pull) and pull.low >= 0 and pull.high <= size.high + 2 for size, pull in sizes)
    assert is_ordered(found.rebuild.milliseconds)
    assert all(is_ordered(rerun.milliseconds) and rerun.milliseconds.low >= 0 for rerun in found.rebuild.reruns)
    assert found.rebuild.pushed.high <= found.pull.high
    assert compare(file, file, context).saves == (0, 0, 0)


@given(RANGES, RANGES, st.floats(0, 10))
def test_arithmetic_keeps_the_order(first: Range, second: Range, factor: float) -> None:
    assert all(is_ordered(size) for size in (first.plus(second), first.minus(second), first.scaled(factor)))
    assert first.minus(first).expected == 0
    assert first.scaled(-factor) == first.scaled(factor).scaled(-1)


def test_ranges_of_one_figure() -> None:
    assert exactly(5).certain
    assert about(100, 0.1) == (90, 100, 110)
    assert Range(-5, 0, 5).at_least(0) == (0, 0, 5)
