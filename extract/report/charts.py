"""The charts as Vega-Lite, one description for each language; the page's script gives them their rows."""

from __future__ import annotations

from typing import Any

import altair as alt

from poytakirja.report.labels import LANGUAGES, Language, label

_COLOURS = [
    "#2f6690", "#d98e04", "#5b8e7d", "#a23b72", "#8cb369", "#6f5e9c", "#c8553d", "#3a7d8c", "#b08968", "#7d8597"
]  # fmt: skip
_LEGEND = alt.Legend(orient="bottom", columns=alt.ExprRef("max(2, floor(width / 120))"))
_EUROS = (
    "abs(datum.value) < 1000 ? datum.label : abs(datum.value) < 1e6 ? datum.value / 1000 + ' k' : "
    "format(datum.value / 1e6, '.3~f') + ' M'"
)


def charts() -> dict[str, dict[Language, dict[str, Any]]]:
    """Every chart by name and language."""
    return {name: {language: _made(make(language)) for language in LANGUAGES} for name, make in _CHARTS.items()}


def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, which sets ``window.vegaEmbed``."""
    import vl_convert  # noqa: PLC0415 (takes long to load)

    version = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    script: str = vl_convert.javascript_bundle(None, version)  # type: ignore[arg-type]  # its stub forgets None: all of Vega
    return script


def _made(chart: alt.Chart) -> dict[str, Any]:
    made: dict[str, Any] = chart.configure_view(stroke=None).configure_axis(
        labelColor="#40474f", titleColor="#40474f", gridColor="#e4e7ea", domainColor="#b8bec5", tickColor="#b8bec5"
    ).configure_legend(labelColor="#40474f", titleColor="#40474f").to_dict()  # fmt: skip
    made["config"] |= {"font": "system-ui, sans-serif", "background": "transparent"}
    return made


def _money(language: Language) -> alt.Chart:
    """Sums stacked by fund, year by year."""

    def say(key: str) -> str:
        return label(f"ui.{key}", language)

    bars: alt.Chart = alt.Chart(alt.NamedData("rows")).mark_bar().encode(
        x=alt.X("year:O", title=say("year"), axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("sum(euros):Q", title=say("euros"), axis=alt.Axis(labelExpr=_EUROS, tickCount=5)),
        color=alt.Color("fund:N", title=say("fund"), scale=alt.Scale(range=_COLOURS), legend=_LEGEND),
        tooltip=[
            alt.Tooltip("fund:N", title=say("fund")),
            alt.Tooltip("year:N", title=say("year")),
            alt.Tooltip("sum(euros):Q", title=say("euros"), format=",.2f"),
            alt.Tooltip("sum(projects):Q", title=say("projects")),
        ],
    )  # fmt: skip
    return bars.properties(width="container", height=260, description=say("money"))


def _timeline(language: Language) -> alt.Chart:
    """A bar for each project from its start to its end, leading to its place."""

    def say(key: str) -> str:
        return label(key, language)

    years = alt.Axis(format="%Y", tickCount="year", orient="top", labelOverlap=True)
    names = alt.Axis(
        labelExpr="split(datum.label, '\\u0001')[1]",
        labelLimit=alt.ExprRef("min(300, 0.38 * width + 40)"),
        ticks=False,
        domain=False,
    )
    bars: alt.Chart = alt.Chart(alt.NamedData("rows")).mark_bar(height=11, cornerRadius=2, cursor="pointer").encode(
        x=alt.X("start:T", title=None, scale=alt.Scale(type="utc"), axis=years),
        x2="stop:T",
        y=alt.Y("row:O", sort=None, title=None, axis=names),
        color=alt.Color("status:N", title=say("column.status"), scale=alt.Scale(range=_COLOURS), legend=_LEGEND),
        href="href:N",
        tooltip=[
            alt.Tooltip("name:N", title=say("column.project_name")),
            alt.Tooltip("organisation:N", title=say("column.organisation")),
            alt.Tooltip("begins:N", title=say("column.start")),
            alt.Tooltip("ends:N", title=say("column.end")),
            alt.Tooltip("status:N", title=say("column.status")),
        ],
    )  # fmt: skip
    return bars.properties(width="container", height=alt.Step(18), description=say("ui.timeline"))


_CHARTS = {"money": _money, "timeline": _timeline}
