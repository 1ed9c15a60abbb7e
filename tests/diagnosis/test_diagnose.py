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


def test_data_proved_to_be_at_fault_come_before_what_helps_to_make_do_with_them() -> None:
    helps = finding("R16", "warning", checked="accuracy 0.605 -> 0.954", confidence=1.3)
    told = make_diagnosis([helps, finding("X27", "error")])
    assert told.primary is not None
    assert (told.primary.code, [each.code for each in told.alternatives]) == ("X27", ["R16"])
    alone = make_diagnosis([helps, finding("X08", "warning")])  # test examples in train keep nothing from learning
    assert alone.primary is not None
    assert alone.primary.code == "R16"


def test_an_error_that_is_proved_comes_before_remedies_whatever_these_win() -> None:
    helps = finding("P03", "warning", checked="accuracy 0.436 -> 0.898", confidence=1.5)
    told = make_diagnosis([helps, finding("C12", "error")])  # the worst epoch is kept
    assert told.primary is not None
    assert (told.primary.code, [each.code for each in told.alternatives]) == ("C12", ["P03"])
    own = finding("C07", "warning", checked="accuracy 0.436 -> 0.898", confidence=1.5)
    assert [each.code for each in make_diagnosis([own, finding("C12", "error")]).findings] == ["C07", "C12"]
