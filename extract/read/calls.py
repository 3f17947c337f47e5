"""pdfium's functions with plain addresses for arguments: half the cost of a call, of which a page needs hundreds.

They are the same functions as in ``pypdfium2.raw``. Handles are passed as addresses (``address_of``), memory for results as the
address of an array, so that one pass of ``map`` asks for a whole page.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import pypdfium2.raw as pdfium

HANDLE = ctypes.c_void_p
INT = ctypes.c_int


def address_of(handle: Any) -> int:
    """The address behind a handle of pdfium; 0 for none."""
    return ctypes.cast(handle, HANDLE).value or 0


@cache
def quick(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of pdfium by its name. It keeps Python's lock: pdfium is used by one thread at a time anyway."""
    return ctypes.PYFUNCTYPE(result, *arguments)(address_of(getattr(pdfium, name)))
