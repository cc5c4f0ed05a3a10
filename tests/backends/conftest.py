"""One tiny bundle for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backends import tiny


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny bundle; not to be changed."""
    return tiny.write(tmp_path_factory.mktemp("bundles")).folder
