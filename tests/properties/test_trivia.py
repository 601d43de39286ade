"""The results on a generated Dockerfile do not depend on how it is spelt."""

from collections import Counter

import pytest
from hypothesis import example, given

from dockopt.engine.observe import observe
from dockopt.engine.pipeline import Outcome, optimize
from dockopt.model.dockerfile import Dockerfile
from tests import trivia
from tests.plausible import few_examples, plausible_dockerfiles


@pytest.mark.parametrize("respell", trivia.EXACT)
@few_examples
@given(text=plausible_dockerfiles())
def test_result_of_a_variant_is_the_variant_of_the_result(respell: trivia.Respelling, text: str) -> None:
    assert optimize(respell(text)).after == respell(optimize(text).after)


@pytest.mark.parametrize("respell", trivia.SAME_FIXES)
@few_examples
@example(text="FROM debian:12\nRUN apt-get install -y curl\nRUN apt-get install -y curl\nRUN apk update\n")
@example(text="FROM debian:12\nRUN apt-get install -y curl && \\\n\n    apk update\n")
@given(text=plausible_dockerfiles())
def test_same_fixes_however_it_is_laid_out(respell: trivia.Respelling, text: str) -> None:
    plain, variant = optimize(text), optimize(respell(text))
    joins = any(fate.transform.name == "merge_runs" for fate in variant.applied)
    if respell is trivia.comments_inside or (respell is trivia.comments_between and joins):
        # where a command goes, a comment beside it would go with it, so that the empty lines there stay to be dropped
        more = Counter(titles(variant)) - Counter(titles(plain))
        assert set(more) <= {"drop empty lines inside a continuation"}
        return
    assert titles(variant) == titles(plain)
    if respell not in (trivia.continued, trivia.joined):
        assert observe(Dockerfile.parse(variant.after)) == observe(Dockerfile.parse(plain.after))


def titles(outcome: Outcome) -> list[str]:
    return sorted(fate.fix.title for fate in outcome.applied)
