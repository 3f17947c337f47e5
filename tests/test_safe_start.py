"""No process of the command or the library imports from the working folder: files there may come from anywhere."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

LIST = """Hankkeet
1) Silta töihin (ESR) 1.2.2021-31.3.2022, kustannusarvio 10 000 €
2) Pyörätie kylälle (EAKR) 1.5.2022-31.12.2023, kustannusarvio 250 000 €
"""
COMMAND = [str(Path(sys.executable).with_name("poytakirja"))]
MODULE = [sys.executable, "-m", "poytakirja"]
SCRIPT = """
import sys
from poytakirja.archive.run import Options, run
print(run(["minutes"], "out", Options(jobs=1)).documents)
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with minutes, and a module or package for every name that could be imported; each notes that it ran."""
    here = tmp_path_factory.mktemp("downloads")
    deed = f"with open({str(here / 'ran')!r}, 'a') as ran: ran.write(__name__ + '\\n')\nraise ImportError('hostile')\n"
    for name in sys.stdlib_module_names:
        (here / f"{name}.py").write_text(deed)
    for name in packages_distributions():
        if name.isidentifier():
            (here / name).mkdir(exist_ok=True)
            (here / name / "__init__.py").write_text(deed)
    for name in ("poytakirja", "rules", "extract"):  # empty: a folder is a package, too
        shutil.rmtree(here / name, ignore_errors=True)
        (here / name).mkdir()
    (here / "faults.py").write_text(deed)
    (here / "minutes").mkdir()
    (here / "minutes" / "a.txt").write_text(LIST)
    shutil.copytree(here / "minutes", here / "more")
    (here / "own").mkdir()
    (here / "own" / "funders.csv").write_text("code,form,match,name\nMUU,Kylärahasto,stem,Kylärahasto\n")
    return here


def run(words: list[str], here: Path, *, status: int = 0) -> str:
    done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, bool(done.stderr)) == (status, status != 0), done.stderr
    ran = here / "ran"
    assert not ran.exists(), f"imported from the working folder: {ran.read_text().split()}"
    return done.stdout


def test_no_verb_imports_from_the_working_folder(hostile: Path) -> None:
    verbs = [
        "extract minutes --out tables --jobs 1",
        "extract minutes --out tables-own --rules own --persons drop --jobs 1",
        "status tables",
        "check tables",
        "restore tables",
        "corrections tables",
        "correct tables 0000/p0 grant_eur 10",
        "gold draft tables --out draft.jsonl",
        "gold check draft.jsonl",
        "evaluate tables draft.jsonl",
        "diff tables tables",
        "explain minutes/a.txt",
        "rules own",
        "report tables --jobs 1 --quiet",
        "export tables --format csv --quiet",
        "export tables --format xlsx --quiet",
        "sql tables 'select count(*) from projects'",
        "compact tables --out large",
        "remove tables minutes/a.txt",
        "review nowhere",
    ]
    for verb in verbs:
        run([*COMMAND, *shlex.split(verb)], hostile, status=2 if verb.split()[0] in ("restore", "correct", "review") else 0)
    helped = run([*COMMAND, "--help"], hostile)
    told = {line.split()[0] for line in helped.partition("Commands:")[2].splitlines() if line.strip()}
    assert told <= {verb.split()[0] for verb in verbs}, "a verb that is not tried here"


def test_neither_does_the_module_or_a_script(hostile: Path, tmp_path: Path) -> None:
    """What is named ``poytakirja`` in the working folder is taken for it by ``python -m`` itself: nothing here can help that."""
    (hostile / "poytakirja").rmdir()
    run([*MODULE, "extract", "minutes", "--out", "tables-module", "--jobs", "1"], hostile)
    run([*MODULE, "status", "tables-module"], hostile)
    (tmp_path / "script.py").write_text(SCRIPT)
    assert run([sys.executable, str(tmp_path / "script.py")], hostile) == "{'ok': 1}\n"
