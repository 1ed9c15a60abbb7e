import yaml

from nnctl.spec.catalogue.elsewhere import ELSEWHERE, SAID, WORDS
from nnctl.spec.catalogue.entries import find_entry, list_names
from nnctl.spec.catalogue.foreign import fold_foreign
from nnctl.spec.catalogue.tables import walk_keys


def test_each_name_leads_to_a_key_that_there_is() -> None:
    assert set(ELSEWHERE.values()) <= {path for path, _ in walk_keys()}


def test_names_are_folded_as_they_are_looked_up() -> None:
    names = [*ELSEWHERE, *SAID, *(each for others in WORDS.values() for each in others)]
    assert [name for name in names if fold_foreign(name) != name] == []


def test_each_argument_is_one_of_some_component() -> None:
    families = ("layer", "optimizer")
    known = {name for family in families for each in list_names(family) for name in find_entry(family, each).arguments}
    assert set(WORDS) <= known


def test_what_is_told_as_yaml_is_yaml() -> None:
    quoted = [part for said in SAID.values() for part in said.split("`")[1::2] if ": " in part and "..." not in part]
    assert quoted
    for text in quoted:
        assert yaml.safe_load(text)
