"""Imported by the fork server, once: what every worker needs, loaded before they part, so that they share it.

The only module that works at import. Libraries that would start threads are told not to: what is forked must have one.
"""

import gc
import os
import tempfile
from contextlib import suppress
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from poytakirja.one_document import extract_document  # noqa: E402
from poytakirja.tables import rows as tables  # noqa: E402

_MINUTES = """Kaupunginhallitus 1.2.2024
§ 1 Hankkeet
1) Silta töihin (ESR) 1.2.2021-31.3.2022, kustannusarvio 10 000 €, projektipäällikkö Aino Virtanen
2) Pyörätie kylälle (EAKR) 2022-2023, 250 000 €
"""


def read_some() -> None:
    """Read a few lines through the whole pipeline: patterns are compiled and models loaded.

    Should that fail, it fails again with each document, whose row says so.
    """
    with suppress(Exception), tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "minutes.txt")
        path.write_text(_MINUTES, encoding="utf-8")
        tables.rows(extract_document(path), str(path))


read_some()
gc.freeze()  # what is here now is neither collected nor, for that, copied
