"""Nothing is imported from the working folder: it may be one of downloads, and a file ``json.py`` in it would be run.

Python itself puts the working folder first on its path in ``python -m`` and ``python -c`` (so multiprocessing starts its
servers), and an empty entry in PYTHONPATH means it. This module imports only what Python has loaded already.
"""
# no `from __future__`: that is an import, too

import os
import sys


def is_command(argv: list[str], started: list[str]) -> bool:
    """Whether this process is the command ``poytakirja``, by ``sys.argv`` and ``sys.orig_argv``, and no other program.

    >>> is_command(["-m"], ["python", "-m", "poytakirja", "status"]), is_command(["/usr/bin/poytakirja"], [])
    (True, True)
    >>> is_command(["-m"], ["python", "-m", "pytest", "poytakirja"])
    False
    """
    if argv[:1] == ["-m"]:  # so it is called while Python still looks for the module
        return "-mpoytakirja" in started or any(started[n : n + 2] == ["-m", "poytakirja"] for n in range(len(started)))
    return bool(argv) and os.path.basename(argv[0]) == "poytakirja"


def without_working_folder(path: list[str], *others: str) -> list[str]:
    """Entries of a path without the working folder and ``others``, unless Python or this package itself is installed there."""
    try:
        here = os.getcwd()
    except OSError:  # deleted: nothing can be imported from it
        here = ""
    left_out = {os.path.realpath(folder) for folder in (here, *others) if folder}
    left_out -= {os.path.realpath(os.path.dirname(place)) for place in (os.__file__, os.path.dirname(__file__))}
    return [entry for entry in path if entry and os.path.realpath(entry) not in left_out]


if is_command(sys.argv, sys.orig_argv):
    sys.path[:] = without_working_folder(sys.path)
