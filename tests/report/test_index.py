"""The index by verdict, cited theorem, rule, kernel and symbol."""

from __future__ import annotations

from derivable.record import Record
from derivable.report.index import index


def test_the_index_names_claims_under_every_word(record: Record) -> None:
    parts = {name: {entry.word: entry for entry in entries} for name, entries in index(record)}
    assert list(parts) == ["Verdicts", "Cited theorems", "Rules", "Kernels", "Symbols"]

    def labels(part: str, word: str) -> list[str]:
        return [claim.label for claim in parts[part][word].claims]

    assert labels("Verdicts", "proved") == ["C1", "C4"]
    assert labels("Rules", "induction") == ["C6", "C9b"]
    assert "start" not in parts["Rules"]
    assert labels("Kernels", "derivable.kernels.sum_minimum") == ["C6", "C1"]
    assert labels("Symbols", "k") == ["C1", "C4", "C6", "C9b", "C1"]
    theorem = parts["Cited theorems"]["Dirichlet–Jordan theorem"]
    assert [claim.label for claim in theorem.claims] == ["C4"]
    assert [claim.label for claim in theorem.inherited] == ["C6", "C9a"]


def test_an_empty_record_has_no_index(empty_record: Record) -> None:
    assert index(empty_record) == []
