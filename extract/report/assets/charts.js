// The overview's charts: money by fund and year, and the timeline of projects.
"use strict";
(() => {
  const SHOWN = 40;
  const element = report.element;
  const FINNISH = { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", "\u00a0€"] };
  const ENGLISH = { decimal: ".", thousands: ",", grouping: [3], currency: ["€", ""] };
  const GREYS = ["#8a949d", "#b3bbc2", "#d5dade"];
  const said = new Set(["several_funds", "no_fund", "other_funds"]);
  const fund = (name) => (said.has(name) ? report.say("ui." + name) : name);

  // Colours stay with their names whichever rows are shown; what has no name of its own is grey.
  function coloured(spec, names, unnamed) {
    const own = names.filter((name) => !unnamed.includes(name)).sort();
    const rest = unnamed.filter((name) => names.includes(name));
    const range = spec.encoding.color.scale.range;
    spec.encoding.color.scale = { domain: [...own, ...rest], range: [...own.map((_, n) => range[n % range.length]), ...GREYS.slice(0, rest.length)] };
  }

  // The legend as a list beside the chart: it wraps on a narrow screen, and is read aloud.
  function legend(place, spec) {
    const { domain, range } = spec.encoding.color.scale;
    const shown = new Set(spec.data.values.map((row) => row.fund || row.status));
    const entries = domain.map((name, n) => {
      const swatch = element("span", { class: "swatch" });
      swatch.style.background = swatch.style.borderColor = range[n];
      return shown.has(name) ? element("li", {}, swatch, name) : null;
    });
    if (place.nextElementSibling && place.nextElementSibling.matches(".legend")) place.nextElementSibling.remove();
    place.after(element("ul", { class: "legend small" }, ...entries));
    spec.encoding.color.legend = null;
  }

  // Words and lines of a chart in the colours of the page, light or dark.
  function inScheme(spec) {
    const of = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    Object.assign(spec.config.axis, { labelColor: of("--soft"), titleColor: of("--soft"), gridColor: of("--line"), domainColor: of("--edge"), tickColor: of("--edge") });
  }

  // Every year from the first to the last, those without a sum too, so that the axis is linear; rows without a year come last.
  function years(rows) {
    const known = rows.map((row) => Number(row.year)).filter(Number.isFinite);
    const first = Math.min(...known);
    const all = known.length ? Array.from({ length: Math.max(...known) - first + 1 }, (_, n) => String(first + n)) : [];
    return [...all, ...new Set(rows.filter((row) => !Number.isFinite(Number(row.year))).map((row) => row.year))];
  }

  async function draw(place, name, rows, names, unnamed) {
    const spec = structuredClone(report.charts[name][report.language]);
    spec.data = { values: rows };
    coloured(spec, names, unnamed);
    legend(place, spec);
    inScheme(spec);
    if (name === "money") spec.encoding.x.scale = { domain: years(rows) };
    // Expressions are interpreted, so that the page's policy needs no unsafe-eval.
    const options = { actions: false, renderer: "svg", ast: true, formatLocale: report.language === "fi" ? FINNISH : ENGLISH };
    place.replaceChildren();
    await vegaEmbed(place, spec, options);
  }

  // ---------------------------------------------------------------- money

  function money() {
    const select = document.getElementById("measure");
    const present = new Set(report.money.map((row) => row.measure));
    for (const option of [...select.options]) if (!present.has(option.value)) option.remove();
    const place = document.getElementById("money-chart");
    if (!select.options.length) {
      const note = element("p", { "data-t": "ui.no_money" }, report.say("ui.no_money"));
      place.replaceWith(note);
      document.getElementById("money-table").closest("details").remove();
      return;
    }
    select.parentElement.hidden = false;
    const show = () => {
      const rows = report.money.filter((row) => row.measure === select.value).map((row) => ({ ...row, fund: fund(row.fund), year: row.year === null ? report.say("ui.no_year") : String(row.year) }));
      table(rows);
      return draw(place, "money", rows, [...new Set(report.money.map((row) => fund(row.fund)))], [...said].map(fund));
    };
    select.addEventListener("input", show);
    document.addEventListener("spoken", show);
    return show();
  }

  function table(rows) {
    const years = [...new Set(rows.map((row) => row.year))].sort();
    const funds = [...new Set(rows.map((row) => row.fund))].sort();
    const written = new Intl.NumberFormat(report.language === "fi" ? "fi-FI" : "en-GB", { minimumFractionDigits: 2 });
    const sum = (year, name) => rows.filter((row) => row.year === year && row.fund === name).reduce((total, row) => total + row.euros, 0);
    const head = element("thead", {}, element("tr", {}, element("th", { scope: "col" }, report.say("ui.year")), ...funds.map((name) => element("th", { scope: "col", class: "number" }, name))));
    const body = element("tbody", {}, ...years.map((year) => element("tr", {}, element("th", { scope: "row" }, year), ...funds.map((name) => {
      const euros = sum(year, name);
      return element("td", { class: "number" }, euros ? written.format(euros) : "");
    }))));
    document.getElementById("money-table").replaceChildren(head, body);
  }

  // ---------------------------------------------------------------- timeline

  const next = (day) => { const date = new Date(day + "T00:00:00Z"); date.setUTCDate(date.getUTCDate() + 1); return date.getTime(); };

  function timeline() {
    const place = document.getElementById("timeline-chart");
    const pager = document.querySelector('.pager[data-for="timeline"]');
    const rows = report.projects.filter((row) => row.start && row.end && row.start <= row.end).sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.end < b.end ? -1 : a.end > b.end ? 1 : 0));
    if (!rows.length) {
      place.replaceWith(element("p", { "data-t": "ui.no_timeline" }, report.say("ui.no_timeline")));
      return;
    }
    let page = 0;
    const pages = Math.ceil(rows.length / SHOWN);
    const [back, on] = [pager.querySelector(".back"), pager.querySelector(".on")];
    const status = (row) => report.say(row.status ? "value." + row.status : "ui.no_fund");
    const show = () => {
      const shown = rows.slice(page * SHOWN, (page + 1) * SHOWN);
      document.getElementById("timeline-count").textContent = `${page * SHOWN + 1}–${page * SHOWN + shown.length} ${report.say("ui.of")} ${rows.length}`;
      back.disabled = page === 0;
      on.disabled = page === pages - 1;
      return draw(place, "timeline", shown.map((row, n) => ({
        row: String(n).padStart(3, "0") + "\u0001" + (row.name || report.say("ui.nameless")), name: row.name, organisation: row.organisation, href: row.href,
        begins: row.begins || report.day(row.start), ends: row.ends || report.day(row.end), start: Date.parse(row.start + "T00:00:00Z"), stop: next(row.end), status: status(row),
      })), [...new Set(rows.map(status))], [report.say("ui.no_fund")]);
    };
    pager.hidden = pages < 2;
    back.addEventListener("click", () => { page -= 1; show(); });
    on.addEventListener("click", () => { page += 1; show(); });
    document.addEventListener("spoken", show);
    return show();
  }

  document.addEventListener("DOMContentLoaded", async () => {
    await money();
    await timeline();
    document.documentElement.dataset.drawn = "yes";
  });
})();
