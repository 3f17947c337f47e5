"""Imported by the fork server, once: what every worker needs, loaded before they part, so that they share it.

The only module that works at import. Libraries that would start threads are told not to: what is forked must have one.
"""

import gc
import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import extract  # noqa: E402
import extract.tables  # noqa: E402
from extract.schema import DOCUMENTS  # noqa: E402

extract.tables.versions()
DOCUMENTS.batch([])  # Arrow imports pandas when it makes its first array
gc.freeze()  # what is here now is neither collected nor, for that, copied
