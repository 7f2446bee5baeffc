"""The rules of the house that a machine can check: CONTRIBUTING.md says them in words."""

from __future__ import annotations

import ast
import importlib
import inspect
import pickle
import pkgutil
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import pytest

import lakescan
from lakescan.errors import LakescanError, TerminalError, TransientError

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "lakescan"


def repository_files() -> list[Path]:
    """What is in the repository, or would be with the next commit."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout
    paths = [ROOT / name for name in names.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


# --- structure ----------------------------------------------------------------------------------


def test_the_import_law_holds():
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_files_are_small():
    sizes = {shown(p): line_count(p) for p in repository_files() if p.suffix == ".py"}
    assert {name: size for name, size in sizes.items() if size > 800} == {}
    long = {name: size for name, size in sizes.items() if size > 400}
    assert len(long) <= len(sizes) // 10, long
    in_package = [line_count(path) for path in modules()]
    assert statistics.median(in_package) <= 150


def test_modules_are_named_for_what_they_hold():
    vague = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    named = [p for p in repository_files() if vague & set(re.split(r"[_.]", p.name))]
    assert [shown(path) for path in named] == []


def test_every_folder_of_the_package_says_what_lives_there():
    for folder in {path.parent for path in modules()}:
        source = (folder / "__init__.py").read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(source)), shown(folder)


def test_tests_mirror_the_package():
    others = {"docs", "infra", "plugin", "benchmarks", "demo", "notebooks", "training"}
    for folder in {path.parent for path in (ROOT / "tests").rglob("test_*.py")}:
        below = folder.relative_to(ROOT / "tests")
        if below.parts and below.parts[0] not in others:
            module = PACKAGE / below
            assert module.is_dir() or module.with_suffix(".py").is_file(), shown(folder)


# --- imports ------------------------------------------------------------------------------------

#: Extras and heavy packages: only inside functions, or in modules whose name says so.
HOME = {
    "airflow": "airflow",
    "azure": "azure",
    "boto3": "s3|aws",
    "botocore": "s3|aws",
    "confusable_homoglyphs": "service",
    "fastapi": "service",
    "google": "gcs|gcp",
    "deltalake": "delta",
    "duckdb": "duckdb",
    "httpx": "client",
    "jwt": "service",
    "onnxruntime": "onnxruntime",
    "openlineage": "openlineage",
    "opentelemetry": "opentelemetry",
    "oracledb": "oracle",
    "pandas": "",
    "prometheus_client": "service|prometheus",
    "pyspark": "spark",
    "ray": "ray",
    "ruamel": "dbt",
    "spacy": "spacy",
    "starlette": "service",
    "psycopg2": "postgresql",
    "pyiceberg": "iceberg",
    "pymssql": "mssql",
    "pymysql": "mysql",
    "sqlalchemy": "sql",
    "tokenizers": "tokenizers",
    "torch": "transformers",
    "transformers": "transformers",
    "uvicorn": "service",
}


def imports(tree: ast.AST, *, top_level: bool) -> set[str]:
    """The packages that a module imports, anywhere or when it is itself imported."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
        if top_level and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        waiting.extend(ast.iter_child_nodes(node))
    return found


def test_extras_are_imported_only_in_modules_named_after_them():
    strays = []
    for path in modules():
        for package in imports(ast.parse(path.read_text(encoding="utf-8")), top_level=False):
            home = HOME.get(package)
            if home and not re.search(home, shown(path)):
                strays.append((shown(path), package))
    assert strays == []


def test_pandas_is_imported_only_where_a_user_asks_for_it():
    for path in modules():
        assert "pandas" not in imports(
            ast.parse(path.read_text(encoding="utf-8")), top_level=True
        ), shown(path)


def test_importing_lakescan_loads_nothing_heavy():
    heavy = "boto3 botocore fastavro jinja2 numpy pandas phonenumbers polars pyarrow"
    names = {*heavy.split(), "onnxruntime", "pydantic", "ray", "sqlalchemy", "stdnum", "tokenizers"}
    code = f"import sys, lakescan; print(*sorted({names} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


# --- public names -------------------------------------------------------------------------------


def test_the_public_names():
    assert list(lakescan.__all__) == [
        "AnonymizeResult",
        "Audit",
        "Budget",
        "EngineOptions",
        "Evaluation",
        "Finding",
        "Findings",
        "LakescanError",
        "Output",
        "Policy",
        "RekeyResult",
        "Rekeying",
        "Resampling",
        "RevealResult",
        "ScanResult",
        "Selection",
        "StreamResult",
        "Streaming",
        "Verification",
        "Watch",
        "WorkerNeeds",
        "Writing",
        "__version__",
        "anonymize",
        "classify",
        "detect",
        "detect_column",
        "evaluate",
        "explain",
        "explain_text",
        "rekey",
        "reveal",
        "scan",
        "stream",
        "verify",
    ]
    assert [name for name in lakescan.__all__ if not hasattr(lakescan, name)] == []
    assert set(lakescan.__all__) <= set(dir(lakescan))


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        lakescan.nonsense  # noqa: B018


def signatures() -> list[tuple[str, ast.FunctionDef]]:
    """Every public function and method of the package."""
    found = []
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        bodies = [tree.body, *(c.body for c in classes if not c.name.startswith("_"))]
        for body in bodies:
            found += [
                (f"{shown(path)}:{node.lineno} {node.name}", node)
                for node in body
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            ]
    return found


#: Carriers of anything: as an argument of these types, Any is what is meant.
CARRIERS = re.compile(r"\b(Task|Attempt|Outcome|_Queue|NDArray)\[[^\]]*\]")


def test_no_any_in_a_public_signature():
    loose = []
    for where, function in signatures():
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        notes = [a.annotation for a in arguments if a.annotation] + [function.returns]
        texts = [CARRIERS.sub("", ast.unparse(note)) for note in notes if note]
        if any(re.search(r"\bAny\b", text) for text in texts):
            loose.append(where)
    assert loose == []


def test_no_kwargs_are_passed_through():
    assert [where for where, function in signatures() if function.args.kwarg] == []


# --- errors -------------------------------------------------------------------------------------


def error_classes() -> list[type[LakescanError]]:
    """The whole tree, with what any module adds to it."""
    for module in pkgutil.walk_packages([str(PACKAGE)], "lakescan."):
        if not module.name.endswith("__main__") and ".airflow." not in module.name:
            importlib.import_module(module.name)
    found, waiting = [], [LakescanError]
    while waiting:
        cls = waiting.pop()
        if cls.__module__.startswith("lakescan."):
            found.append(cls)
            waiting += cls.__subclasses__()
    return sorted(set(found), key=lambda cls: cls.__qualname__)


def arguments_for(parameter: inspect.Parameter) -> st.SearchStrategy[object]:
    note = str(parameter.annotation)
    if "Iterable" in note or "Sequence" in note or "tuple" in note:
        return st.lists(st.text(max_size=8), max_size=4)
    if note.startswith("int"):
        return st.integers(0, 2**40)
    if "None" in note:
        return st.none() | st.text(max_size=20)
    return st.text(max_size=20)


@hypothesis.given(data=st.data())
@hypothesis.settings(max_examples=200)
def test_every_error_survives_a_pickle_with_its_fields(data):
    cls = data.draw(st.sampled_from(error_classes()))
    positional, named = [], {}
    for parameter in inspect.signature(cls).parameters.values():
        value = data.draw(arguments_for(parameter))
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)
    error = cls(*positional, **named)

    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is cls
    assert vars(copy) == vars(error)
    assert (str(copy), copy.args, copy.kind) == (str(error), error.args, error.kind)


def test_an_error_is_worth_a_retry_or_not_but_never_both():
    for cls in error_classes():
        assert not (issubclass(cls, TransientError) and issubclass(cls, TerminalError))


def test_the_tree_in_the_docstring_is_the_tree():
    module = importlib.import_module("lakescan.errors")
    drawn = set(re.findall(r"\b\w+Error\b", module.__doc__ or ""))
    assert drawn == {c.__name__ for c in error_classes() if c.__module__ == "lakescan.errors"}


# --- what must not be committed -----------------------------------------------------------------

FORBIDDEN = {
    "a package registry's address": r"pypi\.org|pythonhosted|npmjs\.(org|com)|deb\.debian\.org",
    "an installer's address option": r"(--|\b)(extra-)?index-url\b|find-links\b",
    "a path of one machine": r"(?<![\w.])/(work|root|home)/[a-z]",
    "the folder that benchmarks take as an argument": r"\bshared/benchmarks\b",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_of_one_machine_is_in_the_repository(what):
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for path in repository_files():
        if path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{shown(path)}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_nothing_is_left_unfinished():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|raise NotImplementedError)\b")
    found = [shown(path) for path in modules() if marks.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_only_the_command_line_configures_logging():
    handlers = re.compile(r"\.(basicConfig|addHandler)\(")
    found = {shown(p) for p in modules() if handlers.search(p.read_text(encoding="utf-8"))}
    assert {name for name in found if not name.startswith("lakescan/cli")} == set()


# --- packaging ----------------------------------------------------------------------------------


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name.strip())[0]).lower()


def test_constraints_pin_every_dependency_and_hold_no_address():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {plain(d) for d in [*project["dependencies"], *extras["dev"], *extras["all"]]}
    wanted |= {
        plain(d)
        for extra in re.findall(r"[a-z0-9-]+", " ".join(extras["all"]).replace("lakescan", ""))
        for d in extras[extra]
    }
    assert wanted - {"lakescan"} <= {plain(pin) for pin in pins}


def test_every_lower_bound_is_stated():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    every = [*project["dependencies"], *(d for extra in extras for d in extra)]
    assert [d for d in every if ">=" not in d and not d.startswith("lakescan[")] == []


def test_every_extra_that_an_error_names_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "MissingDependencyError":
                named.add(ast.literal_eval(node.args[1]))
    assert named
    assert named <= set(project["optional-dependencies"])


@pytest.mark.slow
def test_the_wheel_carries_the_data_files(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    names = set(importlib.import_module("zipfile").ZipFile(wheel).namelist())
    data = [p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert {p.relative_to(ROOT).as_posix() for p in data} <= names


def test_news_fragments_are_in_order():
    check = [sys.executable, ROOT / "changelog.d" / "check.py"]
    run = subprocess.run(check, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
