from nnctl.diagnosis import Finding, make_diagnosis


def finding(code: str, level: str, **more: object) -> Finding:
    return Finding("found", "effect", code=code, level=level, **more)  # type: ignore[arg-type]


def test_one_cause_and_two_others_at_most_in_the_order_in_which_to_mend_them() -> None:
    told = make_diagnosis(
        [
            finding(*each)
            for each in (("C01", "error"), ("A03", "warning"), ("H02", "error"), ("A14", "info"), ("A08", "warning"))
        ]
    )
    assert told.primary is not None
    assert (told.primary.code, [each.code for each in told.alternatives]) == ("H02", ["C01", "A03"])
    assert told.findings[-1].code == "A14"
    assert told.bad


def test_what_is_only_worth_knowing_is_no_cause() -> None:
    told = make_diagnosis([finding("A14", "info")])
    assert (told.primary, told.alternatives, told.bad) == (None, (), False)
