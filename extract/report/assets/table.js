// Tables that sort, filter and turn pages: one for each <table id> that has rows in `report`.
"use strict";
(() => {
  const SHOWN = 50;
  const element = report.element;
  const folded = (text) => text.toLocaleLowerCase("fi");
  const collator = new Intl.Collator("fi", { numeric: true });
  const euros = new Intl.NumberFormat("fi-FI", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const list = (value) => (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]);

  // Of a filter's choices, what people see.
  const CHOICE = {
    state: (value) => report.say("state." + value), status: (value) => report.say("value." + value),
    severity: (value) => report.say("severity." + value),
  };

  const link = (row, text) => (row.href ? element("a", { href: row.href }, text) : text);
  const CELL = {
    link: (row, value) => element("bdi", {}, link(row, value || report.say("ui.nameless"))),
    text: (row, value) => element("bdi", {}, value || ""),
    list: (row, value) => list(value).join(", "),
    number: (row, value) => (value === null || value === undefined ? "" : String(value)),
    money: (row, value) => (value === null ? "" : euros.format(value)),
    date: (row, value) => report.day(value),
    begins: (row) => row.begins || report.day(row.start),
    ends: (row) => row.ends || report.day(row.end),
    value: (row, value) => (value ? report.say("value." + value) : ""),
    state: (row, value) => {
      const why = [row.error, ["missing", "changed", "refused"].includes(row.shown) ? report.say("shown." + row.shown) : null].filter(Boolean);
      return element("span", {}, element("span", { class: "state " + value }, report.say("state." + value)), why.length ? element("small", {}, " " + why.join(" ")) : null);
    },
    severity: (row, value) => element("span", { class: "severity " + value }, report.say("severity." + value)),
  };
  const RIGHT = new Set(["number", "money"]);

  class Table {
    constructor(table, rows) {
      this.table = table;
      this.rows = rows;
      this.page = 0;
      this.heads = [...table.tHead.rows[0].cells];
      this.form = document.querySelector(`form[data-for="${table.id}"]`);
      this.pager = document.querySelector(`.pager[data-for="${table.id}"]`);
      this.count = document.getElementById(table.id + "-count");
      this.order = null;
      for (const row of rows) row.found = folded(this.words(row).filter(Boolean).join(" "));
      for (const select of this.form.querySelectorAll("select")) this.fill(select);
      this.listen();
      this.recall();
      this.show();
    }

    // What a search looks in: the municipality's name as such, too (Äänekoski beside Äänekosken kaupunki), and sums with and without spaces.
    words(row) {
      const sums = [row.total, row.grant].filter((sum) => sum !== null && sum !== undefined).flatMap((sum) => [euros.format(sum), String(Math.trunc(sum))]);
      const meaning = row.code ? ["fi", "en"].map((language) => report.labels[language]["finding." + row.code]) : [];
      return [row.name, row.organisation, row.municipality, row.body, row.source, row.message, row.code, ...meaning, list(row.funds).join(" "), ...sums];
    }

    fill(select) {
      const values = [...new Set(this.rows.flatMap((row) => list(row[select.name])))].sort(collator.compare);
      for (const value of values) {
        const key = { state: "state.", status: "value.", severity: "severity." }[select.name];
        select.append(element("option", { value, "data-t": key ? key + value : null }, (CHOICE[select.name] || String)(value)));
      }
      if (values.length < 2 && select.name !== "code") select.parentElement.hidden = true;
    }

    listen() {
      this.form.hidden = false;
      this.pager.hidden = false;
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("input", () => { this.page = 0; this.note(); this.show(); });
      window.addEventListener("popstate", () => { this.recall(); this.show(); });
      window.addEventListener("beforeprint", () => this.show(Infinity));
      window.addEventListener("afterprint", () => this.show());
      this.form.querySelector('[type="reset"]')?.addEventListener("click", () => setTimeout(() => { this.page = 0; this.note(); this.show(); }));
      this.pager.querySelector(".back").addEventListener("click", () => this.turn(-1));
      this.pager.querySelector(".on").addEventListener("click", () => this.turn(1));
      this.heads.forEach((head) => head.querySelector("button").addEventListener("click", () => this.sort(head)));
      document.addEventListener("spoken", () => this.show());
    }

    turn(by) {
      this.page += by;
      this.show();
      this.note(true);
      this.table.parentElement.scrollTop = 0;
    }

    sort(head) {
      const key = head.dataset.key;
      const down = this.order && this.order.key === key ? !this.order.down : false;
      this.order = { key, down };
      this.page = 0;
      this.show();
      this.note(true);
    }

    // Filters, order and page are in the address, so that a view can be kept or handed on; ``step``: the back button returns from it.
    note(step = false) {
      const said = new URLSearchParams();
      for (const [name, value] of new FormData(this.form)) if (value) said.set(name, value);
      if (this.order) said.set(".sort", (this.order.down ? "-" : "") + this.order.key);
      if (this.page) said.set(".page", String(this.page + 1));
      history[step ? "pushState" : "replaceState"](null, "", "#" + said);
    }

    recall() {
      const said = new URLSearchParams(location.hash.slice(1));
      const sort = said.get(".sort");
      const key = sort && sort.replace(/^-/, "");
      this.form.reset();
      this.order = this.heads.some((head) => head.dataset.key === key) ? { key, down: sort.startsWith("-") } : null;
      this.page = Math.max(0, (parseInt(said.get(".page"), 10) || 1) - 1);
      for (const [name, value] of said) {
        const field = this.form.elements[name];
        if (!field) continue;
        if (field.type === "checkbox") field.checked = value === "on";
        else field.value = value;
      }
    }

    passing() {
      const asked = Object.fromEntries(new FormData(this.form));
      const words = folded(asked.search || "").split(/\s+/).filter(Boolean);
      const chosen = [...this.form.querySelectorAll("select")].filter((select) => select.value);
      return this.rows.filter((row) =>
        words.every((word) => row.found.includes(word)) &&
        chosen.every((select) => list(row[select.name]).includes(select.value)) &&
        (!asked.from || (row.end || row.start || "") >= asked.from) &&
        (!asked.to || (row.start || row.end || "\uffff").slice(0, 4) <= asked.to) &&
        (!asked.doubtful || row.findings > 0));
    }

    sorted(rows) {
      if (!this.order) return rows;
      const { key, down } = this.order;
      const of = (row) => (Array.isArray(row[key]) ? row[key].join(" ") : row[key]);
      const empty = (value) => value === null || value === undefined || value === "";
      const sign = down ? -1 : 1;
      // What is not told stands last, whichever way.
      return [...rows].sort((a, b) => {
        const [x, y] = [of(a), of(b)];
        if (empty(x) || empty(y)) return empty(x) - empty(y);
        return sign * (typeof x === "number" ? x - y : collator.compare(x, y));
      });
    }

    show(most = SHOWN) {
      const rows = this.sorted(this.passing());
      if (most === Infinity) {
        this.table.tBodies[0].replaceChildren(...rows.map((row) => this.row(row)));
        return;
      }
      const pages = Math.max(1, Math.ceil(rows.length / SHOWN));
      this.page = Math.min(Math.max(0, this.page), pages - 1);
      const shown = rows.slice(this.page * SHOWN, (this.page + 1) * SHOWN);
      this.table.tBodies[0].replaceChildren(...shown.map((row) => this.row(row)));
      for (const head of this.heads) {
        const mine = this.order && this.order.key === head.dataset.key;
        if (mine) head.setAttribute("aria-sort", this.order.down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
        head.classList.toggle("right", RIGHT.has(head.dataset.kind));
      }
      const first = rows.length ? this.page * SHOWN + 1 : 0;
      const all = rows.length === this.rows.length ? "" : ` (${report.say("ui.any")}: ${this.rows.length})`;
      this.count.textContent = !rows.length ? report.say("ui.no_rows") + all : `${first}–${this.page * SHOWN + shown.length} ${report.say("ui.of")} ${rows.length}${all}`;
      this.pager.querySelector(".back").disabled = this.page === 0;
      this.pager.querySelector(".on").disabled = this.page === pages - 1;
    }

    row(row) {
      return element("tr", {}, ...this.heads.map((head, n) => {
        const { key, kind } = head.dataset;
        const attributes = { class: RIGHT.has(kind) ? "number" : kind === "date" || kind === "begins" || kind === "ends" ? "date" : null, "data-label": head.textContent };
        if (n === 0) attributes.scope = "row";
        return element(n === 0 ? "th" : "td", attributes, CELL[kind](row, row[key]));
      }));
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("table[id]")) if (report[table.id]) new Table(table, report[table.id]);
  });
})();
