"""Safe fixes keep what runs: the same commands, order and folders, and a failure has the same consequences."""

from hypothesis import given

from dockopt.config import Settings
from dockopt.engine.pipeline import optimize
from dockopt.fixes import Level
from dockopt.model.dockerfile import Dockerfile
from tests.plausible import few_examples, runnable_dockerfiles
from tests.simulation import can_simulate, commands_of, simulate

SAFE = Settings(level=Level.SAFE, few_layers=True)


@few_examples
@given(runnable_dockerfiles())
def test_same_commands_run_and_the_same_failures_count(text: str) -> None:
    before = Dockerfile.parse(text)
    assert can_simulate(before)
    outcome = optimize(text, SAFE)
    if not outcome.changed:
        return
    after = Dockerfile.parse(outcome.after)
    whole = simulate(before)
    assert simulate(after) == whole
    for command in commands_of(whole):
        assert (command, simulate(after, command)) == (command, simulate(before, command))
