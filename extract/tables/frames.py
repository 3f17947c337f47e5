"""Tables as pandas frames that can be reckoned with: datetimes, whole numbers that may be missing, sums as floats or Decimals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
from pyarrow import types

from poytakirja.tables.columns import Table

if TYPE_CHECKING:
    import pandas as pd

Money = Literal["float", "decimal"]
"""How sums stand in a frame: as floats, which every function of pandas takes, or as exact Decimals, which few do."""


def frame(table: Table, data: pa.Table, money: Money = "float") -> pd.DataFrame:
    """A table as a frame.

    Dates and times are ``datetime64[ns]``, whole numbers ``Int32`` or ``Int64``, sums ``float64`` (``money="decimal"``:
    Decimals), closed lists of words categories of the words that occur, texts strings; what is null is missing everywhere.
    A column of lists holds Python lists, so that ``explode`` works.
    """
    import pandas as pd  # noqa: PLC0415  whoever reads no frames loads none

    if money not in ("float", "decimal"):
        raise ValueError(f"money={money!r}: choose float or decimal")
    columns = {c.name: data.column(c.name) for c in table.columns if c.name in data.column_names}
    closed = {c.name: c.words for c in table.columns if c.words}
    return pd.DataFrame({name: _series(column, money, closed.get(name)) for name, column in columns.items()})


def untabled(data: pa.Table, money: Money = "float") -> pd.DataFrame:
    """What a query gave, typed in the same way."""
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame({name: _series(data.column(name), money, None) for name in data.column_names})


def _series(column: pa.ChunkedArray, money: Money, words: list[str] | None) -> Any:
    """A column as a series of pandas."""
    import pandas as pd  # noqa: PLC0415

    kind = column.type
    if types.is_list(kind):
        return pd.Series(column.to_pylist(), dtype=object)
    if types.is_decimal(kind):
        return pd.Series(column.to_pylist(), dtype=object) if money == "decimal" else column.cast(pa.float64()).to_pandas()
    if types.is_date(kind) or types.is_timestamp(kind):
        return column.cast(pa.timestamp("ns")).to_pandas()
    if types.is_int32(kind) or types.is_int64(kind):
        whole = pd.Int32Dtype() if types.is_int32(kind) else pd.Int64Dtype()
        return column.to_pandas(types_mapper={kind: whole}.get)
    if types.is_boolean(kind):
        return column.to_pandas(types_mapper={kind: pd.BooleanDtype()}.get) if column.null_count else column.to_pandas()
    if types.is_string(kind):
        text = column.to_pandas(types_mapper={kind: pd.StringDtype()}.get)
        if words is None:
            return text
        present = set(text.dropna().unique())
        return text.astype(pd.CategoricalDtype([w for w in words if w in present] + sorted(present - set(words))))
    return column.to_pandas()
