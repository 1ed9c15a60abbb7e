import pytest

from nnctl.data import SOURCES
from nnctl.errors import UsageError
from nnctl.starters.templates import TEMPLATES, find_template, make_profile


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_known_of_its_data_is_what_the_source_says(name: str) -> None:
    found = make_profile(TEMPLATES[name])
    facts = SOURCES[TEMPLATES[name].source].facts
    assert (found.shape, found.task, found.outputs) == (facts.shape, facts.task, facts.outputs)
    assert len(found.facts) == 2


def test_a_source_that_says_nothing_is_a_bug() -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="npz"):
        make_profile(replace(TEMPLATES["mlp"], source="npz"))


@pytest.mark.parametrize(("wrong", "hint"), [("tabulr", "did you mean 'tabular'?"), ("gan", "mlp, cnn, regression")])
def test_an_unknown_name_gets_the_nearest_or_all(wrong: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_template(wrong)
    assert caught.value.problems[0].code == "unknown-template"
    assert hint in str(caught.value.problems[0].hint)
