import pytest

from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.topics.metrics import list_sections


def list_told(name: str, family: str = "metric") -> dict[str, str]:
    return dict(list_sections(catalogue.get_entry(family, name)))


@pytest.mark.parametrize("name", catalogue.list_names("metric"))
def test_each_metric_says_what_it_takes_and_one_of_a_whole_split_how_it_is_computed(name: str) -> None:
    told, known = list_told(name), traits.get_metric(name)
    assert told["Takes"].endswith(".")
    assert ("Computed" in told) is (known.whole is not None)
    assert ("Averages" in told) is ("average" in catalogue.get_entry("metric", name).arguments)


def test_of_what_is_no_metric_nothing_is_said() -> None:
    assert [name for name in catalogue.list_names("loss") if list_told(name, "loss")] == []
