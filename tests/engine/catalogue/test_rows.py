import pytest

from nnctl.engine.catalogue.rows import make_traits


def test_a_row_is_its_fields() -> None:
    assert make_traits("layer", "LSTM", [{"shape": "read_steps"}, {"gates": 4}, {"states": 2}, {"xla": "gains"}]) == {
        "shape": "read_steps",
        "gates": 4,
        "states": 2,
        "xla": "gains",
    }
    assert make_traits("loss", "Hinge", [{"labels": "signed"}, "entropy"]) == {"labels": "signed", "entropy": True}
    assert make_traits("activation", "relu", [{"range": [0, None]}]) == {"range": [0, None]}
    assert make_traits("constraint", "MaxNorm", None) == {}


@pytest.mark.parametrize(
    ("family", "row", "complaint"),
    [
        ("layer", None, "no row of traits for layer Thing"),
        ("layer", ["drop"], "'drop' in vain"),
        ("layer", [{"xla": "fast"}], "'xla' in vain"),
        ("layer", [{"gates": "four"}], "'gates' in vain"),
        ("layer", ["gates"], "'gates' in vain"),
        ("layer", ["drops"], "'shape' nowhere"),
        ("loss", [{"labels": ["one_hot"]}], "'labels' in vain"),
        ("optimizer", [{"slots": 2}], "'rates' nowhere"),
        ("optimizer", [{"slots": 2}, {"rates": [1.0]}], "'rates' in vain"),
        ("optimizer", [{"slots": 2}, {"rates": ["x"] * 6}], "'rates' in vain"),
        ("optimizer", [{"slots": 2}, {"rates": [1.0] * 6}, {"more_slots": [1]}], "'more_slots' in vain"),
        ("activation", [{"range": [0, 1, 2]}], "'range' in vain"),
        ("loss", [{"labels": "one_hot"}, {"labels": "integer"}], "'labels' twice"),
    ],
)
def test_what_no_field_holds_is_named(family: str, row: list | None, complaint: str) -> None:
    with pytest.raises(LookupError, match=complaint):
        make_traits(family, "Thing", row)
