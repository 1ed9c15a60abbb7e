import pytest

from nnctl.engine.catalogue.entries import Joiner, make_own_entry
from nnctl.engine.catalogue.exports import Export, Parameter
from nnctl.engine.catalogue.reviewed import Review

EXPORT = Export(
    name="MaxThing",
    others=("MaxIt",),
    doc="A thing.",
    parameters=(Parameter("size", True, None), Parameter("decay_steps", False, 3), Parameter("code", False, None)),
    docs={"size": "Its size.", "decay_steps": "Its length."},
    takes_more=True,
)
REVIEW = Review(
    "keras.things",
    kinds={"size": "int", "decay_epochs": "float"},
    renamed={"decay_steps": "decay_epochs"},
    withheld={"code": "it is code"},
    kwargs={"name": {"kind": "str", "default": None, "doc": "A name."}},
)


def joined(**changed: object) -> dict:
    sections = {name: getattr(REVIEW, name) for name in Review.__dataclass_fields__}
    return Joiner("thing", Review(**{**sections, **changed}), {EXPORT.name: EXPORT}).make_entry(EXPORT)


def test_an_entry_joins_signature_docstring_and_table() -> None:
    assert joined() == {
        "class": "MaxThing",
        "module": "keras.things",
        "aliases": ["MaxIt", "MaxThing", "max_it"],
        "doc": "A thing.",
        "first": "size",
        "arguments": {
            "size": {"kind": "int", "doc": "Its size."},
            "decay_epochs": {"kind": "float", "default": 3, "doc": "Its length."},
            "name": {"kind": "str", "default": None, "doc": "A name."},
        },
        "withheld": {"code": "it is code"},
        "traits": {},
    }


def test_what_a_class_has_of_its_own_comes_first() -> None:
    entry = joined(
        own_kinds={"MaxThing": {"size": "bool"}}, own_docs={"MaxThing": {"size": "Big?"}}, docs={"size": "No."}
    )
    assert entry["arguments"]["size"] == {"kind": "bool", "doc": "Big?"}


def test_a_kind_of_its_own_offers_what_the_family_withholds() -> None:
    entry = joined(own_kinds={"MaxThing": {"code": "int"}}, docs={"code": "A number."})
    assert entry["withheld"] == {}
    assert entry["arguments"]["code"]["default"] is None


def test_a_reason_of_its_own_withholds_what_the_family_offers() -> None:
    entry = joined(own_withheld={"MaxThing": {"size": "it is fixed"}})
    assert entry["withheld"]["size"] == "it is fixed"
    assert entry["first"] is None


def test_defaults_and_what_is_required_can_be_changed() -> None:
    changed = joined(
        own_defaults={"MaxThing": {"size": 2}}, required={"MaxThing": ["decay_epochs"]}, defaults={"size": 9}
    )
    assert changed["arguments"]["size"]["default"] == 2
    assert "default" not in changed["arguments"]["decay_epochs"]
    assert changed["first"] is None


def test_names_aliases_and_the_first_argument_can_be_given() -> None:
    entry = joined(names={"MaxThing": "thing"}, aliases={"MaxThing": ["it"]}, first={"MaxThing": "decay_epochs"})
    assert entry["aliases"] == ["MaxIt", "MaxThing", "it", "max_it", "max_thing"]
    assert entry["first"] == "decay_epochs"


@pytest.mark.parametrize(("section", "lacking"), [("kinds", "kind"), ("withheld", "kind")])
def test_an_argument_that_the_table_does_not_know_is_a_mistake(section: str, lacking: str) -> None:
    with pytest.raises(LookupError, match=f"no {lacking} for thing MaxThing's"):
        joined(**{section: {}})


def test_an_argument_without_prose_is_a_mistake() -> None:
    with pytest.raises(LookupError, match="no prose for thing MaxThing's code"):
        joined(own_kinds={"MaxThing": {"code": "int"}})


def test_nnctls_own_components_get_what_is_added_to_all() -> None:
    review = Review("keras.things", added={"warmup": {"kind": "int", "default": 0, "doc": "Steps."}})
    entry = make_own_entry(
        "thing", review, "mine", {"doc": "Ours.", "first": "x", "arguments": {"x": {"kind": "int", "doc": "X."}}}
    )
    assert entry["class"] is None
    assert list(entry["arguments"]) == ["x", "warmup"]
