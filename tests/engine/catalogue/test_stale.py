import pytest

from nnctl.engine.catalogue.exports import Export, Parameter
from nnctl.engine.catalogue.reviewed import Review
from nnctl.engine.catalogue.stale import require_known

KNOWN = {
    "Thing": Export("Thing", (), "A thing.", (Parameter("size", True, None), Parameter("steps", True, None)), {}, False)
}


def test_a_table_that_speaks_of_what_there_is_passes() -> None:
    require_known(
        "thing",
        Review("m", kinds={"size": "int"}, own_kinds={"Thing": {"epochs": "int"}}, renamed={"steps": "epochs"}),
        KNOWN,
    )


@pytest.mark.parametrize(
    ("sections", "complaint"),
    [
        ({"excluded": {"Gone": "was removed"}}, "thing: Gone"),
        ({"traits": {"Gone": ["drops"]}}, "Gone"),
        ({"first": {"Gone": "size"}}, "Gone"),
        ({"own_kinds": {"Thing Gone": {"size": "int"}}}, "Gone"),
        ({"kinds": {"weight": "int"}}, "an argument weight"),
        ({"withheld": {"weight": "it is gone"}}, "an argument weight"),
        ({"own_withheld": {"Thing": {"weight": "it is gone"}}}, "Thing's weight"),
        ({"renamed": {"steps": "epochs"}, "kinds": {"steps": "int"}}, "an argument steps"),
    ],
)
def test_what_the_table_says_in_vain_is_named(sections: dict, complaint: str) -> None:
    with pytest.raises(LookupError, match=complaint):
        require_known("thing", Review("m", **sections), KNOWN)
