"""The tests; helpers that several of them use are modules here."""

import pytest

pytest.register_assert_rewrite("tests.harness")
