"""The record: schema, round trip, each message of a bad input, and the functions over verdicts and uses."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from derivable import record as module
from derivable.record import (
    SCHEMA,
    VERDICTS,
    Cited,
    Claim,
    Control,
    Controls,
    Counterexample,
    Crosscheck,
    Environment,
    Erratum,
    Hypothesis,
    Paper,
    Plot,
    Post,
    Record,
    RecordError,
    Step,
    cited_closure,
    claims_by_verdict,
    errata,
    post_verdict,
    posts_by_verdict,
    read_record,
    schema,
    steps_by_verdict,
    uses_closure,
    weakest,
    write_record,
)

WITNESS = Counterexample({"n": "1", r"\alpha": "0.5"}, "2 ± 1e-20", "3", True, "sign")
ENVIRONMENT = Environment(
    derivable="0.1.0",
    python="3.11.7",
    sympy="1.14.0",
    flint="0.9.0",
    platform="Linux",
    started="2026-01-02T03:04:05+00:00",
    seeds={"points": 7},
    seconds=1.5,
    trusted_folder="checker/trusted",
    trusted_lines=1378,
)


def claim(label: str, verdict: str = "proved", **more: Any) -> Claim:
    return Claim(id=f"ssm/hippo/{label}", name=label, kind="identity", verdict=verdict, statement="a = a", **more)


@pytest.fixture
def full() -> Record:
    """A record in which every field is set."""
    step = Step(1, "b", "=", "Symbol('b')", "equal", "why", "enclosed", 0.5, ["c"], ["n = 0"], 9, True, WITNESS)
    control = Control("mutant", "a sign", "a = -a", "refuted", WITNESS)
    plot = Plot([1.0, 2.0], [0.1, math.inf], "n", "error", "float64")
    rich = claim(
        "C1",
        "proved for n ≤ N",
        bound="N ≤ 20000",
        statements=["a = a", "b = b"],
        hypotheses=[Hypothesis("n > 0", "positive")],
        cited=[Cited("Abel", "x", "book", ["continuous"], "ssm/hippo/C2")],
        uses=["ssm/hippo/C2"],
        steps=[step],
        controls=Controls([control], [control], [control]),
        crosschecks=[Crosscheck("name", "kernel", "conclusion", 3, math.nan, 1e-9, "float64", "cpu", False, "note", (plot,))],
        erratum=Erratum("section", "a = b", "a = a", "because", WITNESS, "loose"),
        file="derivations/ssm/hippo.py",
        line=12,
        seconds=0.25,
        message="a message",
        fingerprint="abc",
    )
    papers = [Paper("title", "reference")]
    post = Post("hippo", "ssm", "题", "english", "2024-05-24", 10114, papers, "hippo.py", [rich, claim("C2")])
    broken = Post("broken", "ssm", "坏", "broken", error="ImportError: no module")
    return Record(ENVIRONMENT, [post, broken])


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$defs"]["verdict"]["enum"] == list(VERDICTS)
    assert schema()["properties"]["schema"]["const"] == SCHEMA


def test_the_schema_has_the_fields_of_the_classes() -> None:
    definitions = {**schema()["$defs"], "record": schema()}
    public = [item for item in vars(module).values() if isinstance(item, type)]
    classes = [item for item in public if dataclasses.is_dataclass(item)]
    assert len(classes) == 14
    for cls in classes:
        definition = definitions[cls.__name__.lower()]
        assert set(definition["properties"]) == {field.name for field in dataclasses.fields(cls)}, cls
        assert definition["additionalProperties"] is False


def test_a_full_record_follows_the_schema_and_comes_back(full: Record, tmp_path: Path) -> None:
    jsonschema.Draft202012Validator(schema()).validate(full.to_json())
    path = write_record(full, tmp_path / "deep" / "verification.json")
    back = read_record(path)
    assert back.to_json() == full.to_json()
    assert back.posts[0].claims[0].steps == full.posts[0].claims[0].steps
    assert math.isnan(back.posts[0].claims[0].crosschecks[0].worst_error)
    assert json.loads(path.read_text(encoding="utf-8"))["posts"][0]["title"] == "题"
    assert [item.name for item in path.parent.iterdir()] == ["verification.json"]


def test_equal_data_are_equal_whatever_sequence_they_came_in() -> None:
    assert claim("C1", uses=["x"]) == claim("C1", uses=("x",))
    with pytest.raises(dataclasses.FrozenInstanceError):
        claim("C1").verdict = "proved"


def test_the_module_imports_the_standard_library_and_jsonschema_alone() -> None:
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"jsonschema"}


def message(path: Path) -> str:
    with pytest.raises(RecordError) as caught:
        read_record(path)
    return str(caught.value).replace(str(path), "FILE")


def spoiled(full: Record, path: Path, spoil: Callable[[dict[str, Any]], object]) -> Path:
    data = full.to_json()
    spoil(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_missing_file(tmp_path: Path) -> None:
    assert message(tmp_path / "no.json") == (
        "FILE: there is no such record. `derivable report` or `pytest derivations/ --record FILE` writes one."
    )


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    text = message(tmp_path)
    assert text.startswith("FILE: the record cannot be read (")
    assert text.endswith("Give the path of a readable file.")


AGAIN = "Run again to write a new one; a run that is interrupted leaves an earlier record as it was."


@pytest.mark.parametrize("kept", [0, 1, 40, 200, 500])
def test_truncated_record(full: Record, tmp_path: Path, kept: int) -> None:
    path = write_record(full, tmp_path / "record.json")
    path.write_text(path.read_text(encoding="utf-8")[:kept], encoding="utf-8")
    text = message(path)
    assert text.startswith("FILE, line ")
    assert ": the record is cut short. " in text
    assert text.endswith(AGAIN)


def test_not_json(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text("# a page\n\nhello", encoding="utf-8")
    assert message(path) == f"FILE, line 1, column 1: this is not JSON (Expecting value). {AGAIN}"


def test_not_text(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"\x89PNG\xff\xfe")
    assert message(path) == f"FILE: this is not a record: it is not UTF-8 text. {AGAIN}"


def test_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text("[" * 200_000 + "]" * 200_000, encoding="utf-8")
    assert message(path) == f"FILE: this is not a record: it is nested too deeply. {AGAIN}"


@pytest.mark.parametrize("foreign", [[], 3, {"schema": 7}, {"version": "1"}, {"schema": "https://json"}])
def test_foreign_json(tmp_path: Path, foreign: object) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(foreign), encoding="utf-8")
    assert message(path) == (
        "FILE: this is JSON, but not a record of derivable. "
        'A record is an object with "schema": "derivable-record/1"; '
        "`derivable report` and `pytest --record FILE` write one."
    )


def test_another_version(full: Record, tmp_path: Path) -> None:
    path = spoiled(full, tmp_path / "record.json", lambda data: data.update(schema="derivable-record/2"))
    assert message(path) == (
        'FILE: the record follows "derivable-record/2", '
        'this version of derivable reads "derivable-record/1". '
        "Read it with derivable 0.1.0, or run again to write a new one."
    )
    path.write_text('{"schema": "derivable-record/2"}', encoding="utf-8")
    assert "Read it with the version that wrote it" in message(path)


def test_schema_violation_names_the_place(full: Record, tmp_path: Path) -> None:
    def spoil(data: dict[str, Any]) -> None:
        data["posts"][0]["claims"][1]["verdict"] = "surely"

    text = message(spoiled(full, tmp_path / "record.json", spoil))
    assert text.startswith("FILE, $.posts[0].claims[1].verdict: 'surely' is not one of ['proved', ")
    assert "against the schema derivable-record/1." in text
    assert text.endswith("Correct the program that wrote the record, or run again to write a new one.")


def test_unknown_and_missing_fields_are_counted(full: Record, tmp_path: Path) -> None:
    def spoil(data: dict[str, Any]) -> None:
        data["posts"][0]["colour"] = "red"
        del data["posts"][1]["claims"]

    text = message(spoiled(full, tmp_path / "record.json", spoil))
    assert "$.posts[0]: Additional properties are not allowed ('colour' was unexpected)" in text
    assert "(2 such places in all.)" in text


def test_an_unwritable_folder_is_one_sentence_each(full: Record, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        write_record(full, blocked / "record.json")
    text = str(caught.value)
    assert text.startswith(f"{blocked / 'record.json'}: the file cannot be written (")
    assert text.endswith(" Choose a folder that you may write to.")
    assert "\n" not in text


def test_a_failed_write_leaves_the_earlier_record(full: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_record(full, tmp_path / "record.json")
    before = path.read_bytes()

    def refuse(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(RecordError, match=r"No space left on device"):
        write_record(dataclasses.replace(full, posts=()), path)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["record.json"]


def test_an_invalid_record_is_not_written(tmp_path: Path) -> None:
    wrong = Record(ENVIRONMENT, [Post("p", "a", "t", "e", claims=[claim("C1", "sure")])])
    with pytest.raises(RecordError, match=r"\$\.posts\[0\]\.claims\[0\]\.verdict"):
        write_record(wrong, tmp_path / "record.json")
    assert not list(tmp_path.iterdir())


def test_weakest_follows_the_order_of_the_verdicts() -> None:
    for stronger, weaker in itertools.pairwise(VERDICTS):
        assert weakest([stronger, weaker]) == weakest([weaker, stronger]) == weaker
    assert weakest([]) == "open"
    with pytest.raises(ValueError, match="tuple"):
        weakest(["proved", "surely"])


def test_counts(full: Record) -> None:
    assert claims_by_verdict(full) == {**dict.fromkeys(VERDICTS, 0), "proved": 1, "proved for n ≤ N": 1}
    assert steps_by_verdict(full.posts[0])["enclosed"] == 1
    assert posts_by_verdict(full) == {**dict.fromkeys(VERDICTS, 0), "proved for n ≤ N": 1, "open": 1}
    assert post_verdict(full.posts[1]) == "open"
    assert [(post.slug, of.label, error.kind) for post, of, error in errata(full)] == [("hippo", "C1", "loose")]


def test_closures_follow_uses_and_stop_at_circles() -> None:
    abel, jordan = Cited("Abel", "x"), Cited("Jordan", "y")
    claims = [
        claim("C1", uses=["ssm/hippo/C2"], cited=[abel]),
        claim("C2", uses=["ssm/hippo/C3", "ssm/s4/C7"], cited=[abel, jordan]),
        claim("C3", uses=["ssm/hippo/C1"]),
    ]
    record = Record(ENVIRONMENT, [Post("hippo", "ssm", "题", "english", claims=claims)])
    assert uses_closure(record, "ssm/hippo/C1") == ["ssm/hippo/C2", "ssm/hippo/C3", "ssm/s4/C7"]
    assert uses_closure(record, "nowhere") == []
    assert cited_closure(record, "ssm/hippo/C1") == [abel, dataclasses.replace(jordan, via="ssm/hippo/C2")]
    assert {fact.via for fact in cited_closure(record, "ssm/hippo/C3")} == {"ssm/hippo/C1", "ssm/hippo/C2"}
