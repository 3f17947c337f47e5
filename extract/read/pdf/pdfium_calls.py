"""pdfium's functions without the checks of their arguments: half the cost of a call, of which a page needs hundreds.

They are the same functions as in ``pypdfium2.raw``, but nothing stands between a mistake and a crash: numbers must fit a C
``int``; handles and memory go in as pdfium's handles, as what such a function returned, or as ``Address``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import pypdfium2.raw as pdfium


class Address(ctypes.c_void_p):
    """Where something lies. Being a class of its own it is handed back as it is, false where there is nothing."""


@cache
def quick(name: str, result: Any = ctypes.c_int) -> Callable[..., Any]:
    """A function of pdfium by its name. It keeps Python's lock: pdfium serves one thread at a time anyway."""
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(getattr(pdfium, name), ctypes.c_void_p).value or 0)


@cache
def places(size: int, count: int) -> tuple[Any, list[Address]]:
    """Memory for results, shared by all calls: ``count`` places of ``size`` floats, and the address of each."""
    memory = (ctypes.c_float * (size * count))()
    start = ctypes.addressof(memory)
    return memory, [Address(start + 4 * size * n) for n in range(count)]
