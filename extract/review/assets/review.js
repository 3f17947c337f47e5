// Reviewing: a queue of values, one of them chosen beside its place; each decision is kept before the next is shown.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const root = document.body.dataset.root;
  const at = (id) => document.getElementById(id);
  const say = report.say;
  const element = report.element;
  const SHOWN = 200;
  let entries = [];
  let chosen = null;
  let page = null;
  let asText = false;
  let marked = null;

  // ---------------------------------------------------------------- asking

  const ask = async (path, given) => {
    const options = given ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...given, by: at("by").value }) } : {};
    let answer;
    try {
      answer = await fetch(root + path, options);
    } catch {
      throw new Error(say("review.no_server"));
    }
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error);
    return told;
  };
  const tell = (words, bad = false) => { at("said").textContent = words; at("said").classList.toggle("bad", bad); };
  // Scrolls what an element is in, never the whole page: on a narrow screen the value has to stay in view.
  const reveal = (place) => {
    let box = place.parentElement;
    while (box && box !== document.body && !(box.scrollHeight > box.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(box).overflowY))) box = box.parentElement;
    if (!box || box === document.body) return;
    box.scrollTop += place.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  };
  const careful = (act) => async (...given) => { try { await act(...given); } catch (error) { tell(error.message, true); } };

  // ---------------------------------------------------------------- words

  const FIELDS = { "*": "review.whole", possible_project: "review.possible" };
  const fieldName = (field) => FIELDS[field] ? say(FIELDS[field]) : field.endsWith("_eur") ? say("amount." + field.slice(0, -4)) : report.labels[report.language]["field." + field] || say("review." + field);
  const WORDS = new Set(["status", "municipality_role"]);
  const text = (entry) => (WORDS.has(entry.field) ? say("value." + entry.value) : entry.text) || say("ui.nameless");
  const percent = (share) => new Intl.NumberFormat(report.language, { style: "percent", maximumFractionDigits: 0 }).format(share);

  // ---------------------------------------------------------------- the queue

  const filters = at("filters");
  const list = (value) => (Array.isArray(value) ? value : value ? [value] : []);
  const fill = () => {
    for (const select of filters.querySelectorAll("select")) {
      const kept = select.value;
      const values = [...new Set(entries.flatMap((entry) => list(entry[select.name])))].sort();
      const name = { field: fieldName, findings: (code) => say("finding." + code) }[select.name] || String;
      select.replaceChildren(select.options[0], ...values.map((value) => element("option", { value }, name(value))));
      select.options[0].textContent = say("ui.any");
      select.value = values.includes(kept) ? kept : "";
    }
  };
  const passing = () => {
    const asked = Object.fromEntries(new FormData(filters));
    const words = asked.search.toLocaleLowerCase("fi").split(/\s+/).filter(Boolean);
    return entries.filter((entry) => {
      const found = [entry.project, entry.text, entry.organisation, entry.source].join(" ").toLocaleLowerCase("fi");
      return (asked.all || !entry.decided || entry === chosen) && words.every((word) => found.includes(word)) &&
        (!asked.confidence || entry.confidence * 100 <= asked.confidence) &&
        [...filters.querySelectorAll("select")].every((select) => !select.value || list(entry[select.name]).includes(select.value));
    });
  };
  const show = () => {
    const rows = passing();
    at("queue").replaceChildren(...rows.slice(0, SHOWN).map((entry) => {
      const button = element("button", { type: "button", "aria-current": entry === chosen ? "true" : null, "data-id": entry.id, class: entry.decided ? "decided " + entry.decided : null },
        element("strong", {}, element("bdi", {}, entry.project || entry.text)), " ",
        element("span", {}, fieldName(entry.field) + (entry.field === "*" ? "" : ": ")), entry.field === "*" ? null : element("bdi", {}, text(entry)),
        entry.decided ? element("small", {}, ` ${say("review.done_" + entry.decided)}${entry.by ? " · " + entry.by : ""}`) : null);
      button.addEventListener("click", careful(() => choose(entry)));
      return element("li", {}, button);
    }));
    at("shown").textContent = rows.length ? `${Math.min(SHOWN, rows.length)} ${say("ui.of")} ${rows.length}` : say("review.nothing");
    const done = entries.filter((entry) => entry.decided).length;
    at("progress").value = entries.length ? done / entries.length : 1;
    at("count").textContent = `${done} ${say("ui.of")} ${entries.length}`;
    at("empty").hidden = Boolean(chosen);
    at("chosen").hidden = !chosen;
    return rows;
  };
  const load = async (keep) => {
    entries = (await ask("/queue")).entries;
    fill();
    const same = keep && entries.find((entry) => entry.id === keep);
    chosen = null;
    await choose(same || passing()[0] || null);
  };

  // ---------------------------------------------------------------- one value

  const alike = () => entries.filter((entry) => !entry.decided && entry !== chosen && entry.field === chosen.field && entry.field !== "*" && entry.value === chosen.value && entry.rule === chosen.rule && entry.document === chosen.document);
  const describe = () => {
    if (!chosen) return;
    at("where").textContent = [chosen.organisation, chosen.date, chosen.source].filter(Boolean).join(" · ");
    at("project").textContent = chosen.project || (chosen.field === "possible_project" ? say("review.possible") : say("ui.nameless"));
    at("field").textContent = fieldName(chosen.field);
    at("text").textContent = text(chosen);
    at("about").textContent = [`${say("review.confidence")} ${percent(chosen.confidence)}`, chosen.rule, chosen.decided ? say("review.done_" + chosen.decided) : null].filter(Boolean).join(" · ");
    at("odd").replaceChildren(...chosen.findings.map((code) => element("li", {}, say("finding." + code))));
    const others = alike();
    at("alike").hidden = !others.length;
    at("alike").textContent = `${say("review.alike")} (${others.length + 1})`;
  };
  const choose = async (entry) => {
    chosen = entry;
    at("edit").hidden = true;
    show();
    describe();
    page = null;
    if (!entry) { at("sheet").replaceChildren(); return; }
    const current = at("queue").querySelector("[aria-current]");
    if (current && matchMedia("(min-width: 70rem)").matches) current.scrollIntoView({ block: "nearest" });
    await turn(null);
  };
  const turn = async (number) => {
    const mine = chosen;
    const told = await ask(`/place?id=${encodeURIComponent(chosen.id)}${number ? "&page=" + number : ""}`);
    if (chosen !== mine) return;
    page = told;
    draw();
  };
  const draw = () => {
    if (!page || !chosen) return;
    at("page-number").textContent = `${say("ui.page")} ${page.number} ${say("ui.of")} ${page.count}`;
    at("page-back").disabled = page.number <= 1;
    at("page-on").disabled = page.number >= page.count;
    at("as-text").setAttribute("aria-pressed", String(asText || !page.marks));
    at("as-text").disabled = !page.marks;
    const sheet = at("sheet");
    if (page.marks && !asText) {
      const image = element("img", { src: `${root}/image/${chosen.document}/${page.number}`, alt: `${say("ui.image_of")} ${page.number}` });
      const boxes = page.marks.map((box) => {
        const mark = element("span", { class: "mark k-amount chosen" });
        for (const side of ["left", "top", "width", "height"]) mark.style[side] = box[side] + "%";
        return mark;
      });
      sheet.replaceChildren(element("div", { class: "image" }, image, ...boxes));
      image.addEventListener("load", () => { if (boxes[0]) reveal(boxes[0]); }, { once: true });
      return;
    }
    const letters = [...page.text];
    const cut = (from, to) => letters.slice(Math.max(0, from), Math.max(0, to)).join("");
    const [from, to] = [chosen.start - page.at, chosen.end - page.at];
    const mark = element("mark", {}, cut(from, to));
    sheet.replaceChildren(element("pre", {}, cut(0, from), mark, cut(to, letters.length)));
    if (to > 0 && from < letters.length) reveal(mark);
  };

  // ---------------------------------------------------------------- deciding

  const next = async (after) => {
    const rows = passing().filter((entry) => !entry.decided || entry === after);
    const rest = rows.slice(rows.indexOf(after) + 1).filter((entry) => !entry.decided);
    await choose(rest[0] || rows.find((entry) => !entry.decided && entry !== after) || null);
  };
  const decided = (them, action, value) => {
    for (const entry of them) {
      entry.decided = action;
      entry.by = at("by").value;
      if (action === "change") entry.value = entry.text = value;
    }
  };
  const decide = async (them, action, value) => {
    if (!chosen || chosen.field === "possible_project") return;
    await ask("/decide", { ids: them.map((entry) => entry.id), action, value });
    decided(them, action, value);
    tell(`${say("review.kept")}: ${fieldName(chosen.field)} – ${say("review.done_" + action)}`);
    await next(chosen);
  };
  let checked = 0;
  const check = async () => {
    const mine = ++checked;
    const told = await ask("/check", { row: chosen.row, field: chosen.field, value: at("value").value });
    if (mine !== checked) return told;
    at("why").textContent = told.ok ? (told.warning ? say("finding." + told.warning) : "") : say("review.bad_" + told.why);
    at("value").setAttribute("aria-invalid", String(!told.ok));
    return told;
  };
  const ACTIONS = {
    accept: () => decide([chosen], "confirm"),
    reject: () => decide([chosen], "reject"),
    next: () => next(chosen),
    alike: () => { const them = [chosen, ...alike()]; return confirm(`${say("review.alike")} (${them.length})?`) ? decide(them, "confirm") : null; },
    undo: async () => {
      const told = await ask("/undo", {});
      tell(say("review.undone"));
      await load(told.undone[0]);
    },
    edit: () => {
      if (chosen.field === "possible_project") { marked = { document: chosen.document, start: chosen.start, end: chosen.end }; openAdding(); return; }
      if (chosen.field === "*") { tell(say("review.no_edit"), true); return; }
      at("edit").hidden = false;
      at("value").value = chosen.value;
      at("why").textContent = "";
      at("value").removeAttribute("aria-invalid");
      at("value").focus();
      at("value").select();
    },
  };
  const act = careful(async (name) => { if (chosen || name === "undo") await ACTIONS[name](); });
  at("actions").addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) act(button.dataset.do);
  });
  at("value").addEventListener("input", careful(check));
  at("cancel").addEventListener("click", () => { at("edit").hidden = true; at("card").focus(); });
  at("edit").addEventListener("submit", (event) => {
    event.preventDefault();
    careful(async () => {
      const told = await check();
      if (!told.ok) return;
      at("edit").hidden = true;
      await decide([chosen], "change", told.value);
      at("card").focus();
    })();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, dialog[open]");
    if (event.key === "Escape" && !at("edit").hidden) { at("edit").hidden = true; at("card").focus(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = { a: "accept", e: "edit", x: "reject", n: "next", u: "undo" }[event.key];
    if (name) { event.preventDefault(); act(name); }
    if (event.key === "?") at("keys").showModal();
  });
  at("show-keys").addEventListener("click", () => at("keys").showModal());

  // ---------------------------------------------------------------- pages, and what was missed

  at("page-back").addEventListener("click", careful(() => turn(page.number - 1)));
  at("page-on").addEventListener("click", careful(() => turn(page.number + 1)));
  at("as-text").addEventListener("click", () => { asText = !asText; draw(); });
  const openAdding = () => {
    const own = page && marked ? [...page.text].slice(marked.start - page.at, marked.end - page.at).join("") : "";
    at("marked").textContent = own || say("review.mark_first");
    at("new").querySelector("[type=submit]").disabled = !marked;
    at("not-added").textContent = "";
    at("new").elements.project_name.value = own.replace(/\s+/g, " ").trim().slice(0, 120);
    at("adding").showModal();
  };
  at("add").addEventListener("click", () => {
    marked = null;
    const selection = getSelection();
    const pre = at("sheet").querySelector("pre");
    if (chosen && pre && selection.rangeCount && !selection.isCollapsed && pre.contains(selection.anchorNode) && pre.contains(selection.focusNode)) {
      const range = selection.getRangeAt(0);
      const before = document.createRange();
      before.selectNodeContents(pre);
      before.setEnd(range.startContainer, range.startOffset);
      const start = page.at + [...before.toString()].length;
      marked = { document: chosen.document, start, end: start + [...range.toString()].length };
    }
    openAdding();
  });
  at("not").addEventListener("click", () => at("adding").close());
  at("new").addEventListener("submit", (event) => {
    event.preventDefault();
    ask("/add", { ...marked, values: Object.fromEntries(new FormData(at("new"))) }).then(
      () => { at("adding").close(); tell(say("review.added")); },
      (error) => { at("not-added").textContent = error.message; });
  });

  // ---------------------------------------------------------------- begin

  at("by").value = report.recall("by") || "";
  at("by").addEventListener("change", () => report.remember("by", at("by").value));
  filters.addEventListener("submit", (event) => event.preventDefault());
  const filtered = careful(async () => {
    const rows = show();
    if (!chosen || !rows.includes(chosen)) await choose(rows[0] || null);
  });
  for (const event of ["input", "change"]) filters.addEventListener(event, filtered);
  document.addEventListener("spoken", () => { document.title = say("review.title"); fill(); show(); describe(); draw(); });
  careful(load)();
});
