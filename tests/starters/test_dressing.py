from pathlib import Path

from nnctl.starters.tables import infer_options


def infer(rows: list[str], names: str, delimiter: str = ",") -> tuple[dict[str, object], list[str]]:
    Path("own.csv").write_text("\n".join([names.replace(",", delimiter), *rows]) + "\n")
    found = infer_options(Path("own.csv"))
    return dict(found.options), list(found.facts)


def test_dressed_numbers_are_read() -> None:
    options, facts = infer([f'"$1,{i}0.50",{i} kg,{i}%,{i / 7}' for i in range(10, 70)], "price,weight,off,cost")
    assert options == {"label": "cost", "numbers": {"price": "$", "weight": "kg", "off": "%"}}
    assert facts[1] == "Column 'price' holds numbers with '$', which `numbers` reads."


def test_marks_alone_need_no_unit() -> None:
    options, facts = infer([f"({i});{i % 9};{'ab'[i % 2]}" for i in range(60)], "amount,x,kind", ";")
    assert options == {"label": "kind", "numbers": ["amount"], "delimiter": ";"}
    assert "brackets" in facts[1]


def test_a_decimal_comma_is_known_in_its_dress() -> None:
    options, _ = infer([f"1.{i}0,50 EUR;{i % 9};{'ab'[i % 2]}" for i in range(10, 70)], "amount,x,kind", ";")
    assert options == {"label": "kind", "numbers": {"amount": "EUR"}, "delimiter": ";", "decimal": ","}


def test_words_for_no_value_are_named_with_the_usual_ones_that_occur() -> None:
    rows = [f"{'-' if i % 3 else i},{'NA' if i % 5 else i},{'ab'[i % 2]}" for i in range(90)]
    options, facts = infer(rows, "x,z,kind")
    assert options == {"label": "kind", "missing": ["-", "NA"]}
    assert facts[-1] == "Taken for no value: '-', 'NA'."


def test_codes_stay_categories() -> None:
    assert infer([f"A{i % 7},{i % 5}B,{'ab'[i % 2]}" for i in range(90)], "x,z,kind")[0]["label"] == "kind"


def test_a_last_column_of_dates_or_sentences_is_no_label() -> None:
    rows = [f"{i / 7},{'ab'[i % 2]},2024-01-{i % 28 + 1:02}" for i in range(60)]
    options, facts = infer(rows, "x,z,when")
    assert options == {"label": "z", "ignore": ["when"]}
    assert "the last column that tells something, 'z'" in facts[0]


def test_a_line_that_names_the_delimiter_is_no_header() -> None:
    assert infer([*["a;b;y"], *[f"{i};{i / 7};{i % 2}" for i in range(60)]], "sep=;")[0] == {
        "label": "y",
        "delimiter": ";",
    }
