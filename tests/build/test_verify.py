"""Judging rewrites: who is to blame, what is not held against anybody, and what is left behind."""

from pathlib import Path

import pytest
from tests.build.kitchen import Kitchen
from tests.wrong import wrong

from dockopt.batch.results import Result, Status
from dockopt.batch.work import Job
from dockopt.build import behaviour
from dockopt.build.approval import Approval
from dockopt.build.behaviour import Questions
from dockopt.build.trials import Plan, workbench
from dockopt.build.verify import Verdict, Verification, Wishes, verify
from dockopt.config import Settings
from dockopt.engine import pipeline
from dockopt.errors import BuildError
from dockopt.fixes import Aspect, Transform

TEXT = """\
FROM base
ENV A=1
RUN write etc/list 12345
RUN write var/lib/apt/lists/x 1234567890
COPY run.sh ./
USER app
CMD ["./run.sh"]
"""
LESS = wrong("shorten_list", " 1234567890", " abc", frozenset({Aspect.COMMANDS}))
RENAMED = wrong("rename_cache", "apt/lists/x", "apt/lists/y", frozenset({Aspect.COMMANDS}))
RIGHT = (LESS, RENAMED)
AFTER_RIGHT = TEXT.replace(" 1234567890", " abc").replace("lists/x", "lists/y")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(behaviour, "SETTLED", 0.0)


def rewritten(*transforms: Transform, text: str = TEXT) -> Result:
    outcome = pipeline.optimize(text, Settings(), None, transforms)
    return Result("Dockerfile", Status.CHANGED if outcome.changed else Status.UNCHANGED, outcome=outcome)


def judged(
    result: Result, kitchen: Kitchen, wishes: Wishes | None = None, questions: Questions | None = None
) -> Verification:
    with workbench(kitchen, Plan("", "/context", questions=questions or Questions())) as bench:
        return verify(result, bench, wishes)


def test_right_fixes_are_verified_and_measured() -> None:
    kitchen = Kitchen()
    found = judged(rewritten(*RIGHT), kitchen, questions=Questions(("cat /etc/list",)))
    assert (found.verdict, found.objections, found.culprit) == (Verdict.VERIFIED, (), None)
    assert found.result.text == AFTER_RIGHT
    assert found.saves == {1: 7, 2: 0}
    assert found.before
    assert found.after
    assert found.before.image.size - found.after.image.size == 7
    assert [(answer.question, answer.value, answer.output) for answer in found.after.answers] == [
        ("start", "ends with status 0", "ready"),
        ("cat /etc/list", "status 0", "12345"),
    ]
    assert [(group.name, group.files, group.size) for group in found.vanished] == [("package lists of apt", 1, 10)]
    assert len(kitchen.removed) == 1


WRONG = {
    "build_failure": (("write etc/list 12345", "fail"), "the rewritten file does not build: ERROR: process did"),
    "too_slow": (("write etc/list 12345", "slow"), "the rewritten file takes longer than 1800 seconds to build"),
    "changed_environment": (("A=1", "A=2"), "the environment has A=2 and not 1"),
    "lost_environment": (("ENV A=1", "ENV B=1"), "the environment lacks A"),
    "wrong_user": (("USER app", "USER root"), "User is root and not app"),
    "wrong_command": (("./run.sh", "./stop.sh"), "Cmd is ['./stop.sh'] and not ['./run.sh']"),
    "missing_file": (("COPY run.sh", "COPY other"), "/app/run.sh is missing"),
}


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(WRONG))
def test_the_culprit_is_found_wherever_it_stands(name: str, position: int) -> None:
    (old, new), objection = WRONG[name]
    transforms = list(RIGHT)
    transforms.insert(position, wrong(name, old, new))
    kitchen = Kitchen()
    found = judged(rewritten(*transforms), kitchen)
    assert found.verdict is Verdict.BROKEN
    assert found.objections[0].startswith(objection)
    assert found.culprit
    assert (found.culprit.transform.name, found.culprit.number) == (name, position + 1)
    assert len(kitchen.removed) == 1


def test_content_that_a_fix_did_not_declare_is_an_objection() -> None:
    found = judged(rewritten(wrong("other_content", "etc/list 12345", "etc/list 54321", ALL_BUT_STAGES)), Kitchen())
    assert found.objections == ("/etc/list has other content",)


ALL_BUT_STAGES = frozenset(Aspect) - {Aspect.STAGES, Aspect.RECOMMENDS}


def test_a_smoke_command_that_fails_afterwards_is_an_objection() -> None:
    change = wrong("move_file", "write etc/list", "write etc/lost")
    found = judged(rewritten(change), Kitchen(), questions=Questions(("cat /etc/list",)))
    assert found.objections == ("cat /etc/list: status 1 and not status 0: cat: /etc/list: no such file",)


def test_an_original_that_fails_a_command_is_not_judged() -> None:
    found = judged(rewritten(*RIGHT), Kitchen(), questions=Questions(("cat /nothing",)))
    assert found.verdict is Verdict.NOT_JUDGED
    assert found.objections == ("the original fails cat /nothing: status 1 cat: /nothing: no such file",)


@pytest.mark.parametrize(("line", "reason"), [("fail", "does not build: ERROR:"), ("slow", "takes longer than 1800")])
def test_an_original_that_does_not_build_is_not_judged(line: str, reason: str) -> None:
    kitchen = Kitchen()
    found = judged(rewritten(*RIGHT, text=f"{TEXT}RUN {line}\n"), kitchen)
    assert found.verdict is Verdict.NOT_JUDGED
    assert found.reason.startswith(f"the original {reason}")
    assert len(kitchen.built) == 1


def test_a_build_that_fails_once_is_tried_again() -> None:
    kitchen = Kitchen(fails_at=2)
    found = judged(rewritten(*RIGHT), kitchen)
    assert (found.verdict, found.culprit) == (Verdict.VERIFIED, None)
    assert kitchen.built[:3] == [TEXT, AFTER_RIGHT, AFTER_RIGHT]


def test_texts_built_again_have_places_of_their_own() -> None:
    kitchen = Kitchen()
    with workbench(kitchen, Plan("", "/context")) as bench:
        made = [bench.trial(TEXT), bench.again(TEXT), bench.trial(AFTER_RIGHT), bench.trial(TEXT, anew=True)]
    assert [trial.tag.partition(":")[2] for trial in made] == ["0", "1", "2", "3"]


def test_nothing_to_change_is_built_once_and_good() -> None:
    kitchen = Kitchen()
    found = judged(rewritten(), kitchen)
    assert found.verdict is Verdict.UNCHANGED
    assert kitchen.built == [TEXT]


def test_what_differs_between_two_builds_of_the_original_is_no_objection() -> None:
    kitchen = Kitchen(every_build=lambda number: {"app/stamp": str(number)})
    found = judged(rewritten(*RIGHT), kitchen)
    assert found.verdict is Verdict.VERIFIED
    assert found.noise == 0
    assert found.differences
    assert [change.path for change in found.differences.noise] == ["app/stamp"]
    assert kitchen.built.count(TEXT) == 2


def test_files_that_every_build_names_anew_are_no_objection() -> None:
    found = judged(rewritten(*RIGHT), Kitchen(every_build=lambda number: {f"app/site/{number}": "x"}))
    assert (found.verdict, found.objections) == (Verdict.VERIFIED, ())


def test_the_noise_is_measured_on_request() -> None:
    found = judged(
        rewritten(*RIGHT), Kitchen(every_build=lambda number: {"var/log/x": "x" * number}), Wishes(noise=True)
    )
    assert (found.verdict, found.noise) == (Verdict.VERIFIED, 1)


def test_output_that_changes_by_itself_is_no_objection() -> None:
    found = judged(rewritten(*RIGHT), Kitchen(every_answer=str), questions=Questions(("cat /etc/list",)))
    assert found.verdict is Verdict.VERIFIED


def test_an_engine_that_runs_nothing_still_compares_images() -> None:
    found = judged(rewritten(*RIGHT), Kitchen(starts_containers=False))
    assert found.verdict is Verdict.VERIFIED
    assert found.after
    assert found.after.answers == ()


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_an_engine_that_dies_ends_the_run_and_is_cleaned_up(dies_at: int) -> None:
    kitchen = Kitchen(dies_at=dies_at)
    with pytest.raises(BuildError, match="does not answer"):
        judged(rewritten(*RIGHT), kitchen)
    assert len(kitchen.removed) == 1


def test_an_interrupt_is_cleaned_up_after() -> None:
    kitchen = Kitchen()
    places: list[Path] = []

    def interrupted() -> None:
        with workbench(kitchen, Plan("", "/context")) as bench:
            places.append(bench.folder)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(kitchen.removed) == 1
    assert [place.exists() for place in places] == [False]


def test_images_are_kept_on_request() -> None:
    kitchen = Kitchen()
    with workbench(kitchen, Plan("", "/context"), keep=True) as bench:
        bench.trial(TEXT)
    assert kitchen.removed == []


def test_an_ignore_file_of_its_own_goes_along(tmp_path: Path) -> None:
    (tmp_path / "web.Dockerfile.dockerignore").write_text("secret\n")
    with workbench(Kitchen(), Plan(str(tmp_path / "web.Dockerfile"), str(tmp_path))) as bench:
        bench.trial(TEXT)
        assert (bench.folder / "0" / "Dockerfile.dockerignore").read_text() == "secret\n"


def test_only_what_was_verified_is_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    breaks = (wrong("first_break", *WRONG["wrong_user"][0]), wrong("second_break", *WRONG["missing_file"][0]))
    monkeypatch.setattr(pipeline, "all_transforms", lambda: (LESS, *breaks, RENAMED))
    result = rewritten(LESS, *breaks, RENAMED)
    kitchen = Kitchen()
    approval = Approval(kitchen, lambda _path, _context: Plan("", "/context"), Wishes(each_fix=False))
    approved = approval(result, TEXT.encode(), Job(Settings(), None))
    assert approved.text == AFTER_RIGHT
    assert approved.measured == (39, 32)
    rejected = [(fate.transform.name, fate.reason) for fate in approved.fates if fate.kind.value == "rejected"]
    assert rejected == [
        ("first_break", "with it, User is root and not app"),
        ("second_break", "with it, /app/run.sh is missing"),
    ]
    assert len(kitchen.removed) == 1


def test_nothing_is_approved_where_the_original_fails() -> None:
    approval = Approval(Kitchen(), lambda _path, _context: Plan("", "/context"), Wishes())
    result = rewritten(*RIGHT, text=f"{TEXT}RUN fail\n")
    found = approval(result, b"", Job(Settings(), None))
    assert found.status is Status.ERROR
    assert found.reason == (
        "not verified, and not written: the original does not build: ERROR: process did not complete: exit code: 1"
    )
