"""Tables of measurements: rows are kept only beside what they were measured with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the extra 'train'")

from backends.motion_lm import TokenSampling
from backends.training.data.take import DataError
from backends.training.evaluate import captions, t2m, token_sampling


def row(name: str, distance: float = 0.7, count: int = 9) -> t2m.Row:
    numbers = (0.1, 1.3, None, 0.05, 0.1, 4.0, 70.0, 0.001)
    return t2m.Row(name, count, (0.5, 0.6, 0.7), 0.01, numbers[0], distance, *numbers[1:])


def write(path: Path, tables: dict[str, list[t2m.Row]]) -> Path:
    path.write_text(json.dumps({g: [vars(r) for r in rows] for g, rows in tables.items()}))
    return path


def test_rows_of_other_bundles_are_kept_where_they_stood(tmp_path: Path) -> None:
    before = {
        g: [row("real motion", 0.6), row("one", 0.8), row("two", 0.9), row("mean pose", 1.4)]
        for g in ("all", "cmu")
    }
    path = write(tmp_path / "t2m.json", before)
    new = {
        g: [row("real motion", 0.6), row("two", 0.5), row("three"), row("mean pose", 1.4)]
        for g in ("all", "cmu")
    }
    kept = t2m.with_kept(new, path)
    for group in ("all", "cmu"):
        assert [(r.name, r.distance) for r in kept[group]] == [
            ("real motion", 0.6), ("one", 0.8), ("two", 0.5), ("three", 0.7), ("mean pose", 1.4),
        ]  # fmt: skip
    assert kept["all"][1] == before["all"][1]


@pytest.mark.parametrize("real", [row("real motion", 0.61), row("real motion", 0.6, count=10)])
def test_rows_measured_on_other_clips_are_not_kept(tmp_path: Path, real: t2m.Row) -> None:
    path = write(tmp_path / "t2m.json", {"all": [row("real motion", 0.6), row("one")]})
    with pytest.raises(DataError, match="measured on other clips"):
        t2m.with_kept({"all": [real, row("two")]}, path)


def test_keeping_needs_a_file_to_keep_from(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        t2m.main(["--data", "nowhere", "--keep"])
    assert "--keep needs --out" in capsys.readouterr().err


def columns(table: str) -> set[int]:
    return {line.count("|") for line in table.splitlines() if line.startswith("|")}


def test_tables_have_a_cell_for_every_column() -> None:
    rows = [
        captions.Row(name, 2, 0.5, 0.2, 0.4, 1.0, 0.8, 0.7, 0.9)
        for name in ("model", "random caption", "one of the clip's own")
    ]
    said = {r.name: ["a jump", "a kick"] for r in rows} | {"references": ["jumping", "kicking"]}
    measured, examples = captions.to_markdown(rows, said).split("| one reference")
    assert len(columns(measured)) == 1
    assert "a jump" in examples
    assert "random" not in examples
    settings = [token_sampling.Row(TokenSampling(), (0.1, 0.2, 0.3), 0.1, 0.7, 1.3, 0.02, 3.0)] * 3
    assert len(columns(token_sampling.to_markdown("model", settings))) == 1
