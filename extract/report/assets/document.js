// A document: choosing a value shows its marks on the page, choosing a mark shows its value.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const places = new Map();
  for (const place of document.querySelectorAll("[data-m]")) {
    for (const number of place.dataset.m.split(" ")) places.set(number, [...(places.get(number) || []), place]);
  }
  const numbersOf = (place) => place.dataset.m.split(" ");
  const light = (number, name, on) => (places.get(number) || []).forEach((place) => place.classList.toggle(name, on));

  // Marks on an image have no words of their own: they are told by those of their values.
  const words = (number) => document.getElementById("v" + number).closest(".value").textContent.replace(/\s+/g, " ").trim();
  const tell = () => {
    for (const mark of document.querySelectorAll(".mark")) {
      const told = numbersOf(mark).slice(0, 5).map(words).join(" | ");
      mark.title = told + (mark.classList.contains("inexact") ? " – " + report.say("ui.inexact") : "");
      mark.setAttribute("aria-label", told);
    }
  };
  tell();
  document.addEventListener("spoken", tell);

  // ---------------------------------------------------------------- image or text

  const views = [...document.querySelectorAll('input[name="view"]')];
  const see = (view) => { document.body.dataset.view = view; };
  if (views.length) {
    document.querySelector(".view").hidden = false;
    const remembered = report.recall("view");
    for (const input of views) {
      if (input.value === remembered) input.checked = true;
      input.addEventListener("change", () => { report.remember("view", input.value); see(input.value); });
    }
    see(views.find((input) => input.checked).value);
  }

  // ---------------------------------------------------------------- choosing

  let chosen = [];
  let fromRecord = false;
  const choose = (numbers) => {
    chosen.forEach((number) => light(number, "chosen", false));
    chosen = numbers;
    chosen.forEach((number) => light(number, "chosen", true));
  };
  const seen = (place) => place.getClientRects().length > 0;
  const markOf = (number) => (places.get(number) || []).find((place) => place.closest("#pages") && seen(place));
  const show = (place, block) => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    place.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
  };
  const goTo = (place, block = "center") => {
    const folded = place.closest("details");
    if (folded) folded.open = true;
    show(place, block);
    place.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-m]");
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const numbers = numbersOf(place);
    // From a value to its mark and back again; where several stand in one place, choosing it again goes on to the next.
    const at = numbers.indexOf(chosen[0]);
    const number = numbers[at >= 0 && fromRecord ? at : (at + 1) % numbers.length];
    fromRecord = place.closest("#record") !== null;
    choose([number]);
    const other = fromRecord ? markOf(number) : document.getElementById("v" + number);
    if (other) goTo(other);
    history.replaceState(null, "", "#v" + number);
  });
  const hover = (on) => (event) => {
    const place = event.target.closest && event.target.closest("[data-m]");
    if (place) numbersOf(place).slice(0, 1).forEach((number) => light(number, "lit", on));
  };
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) document.addEventListener(name, hover(on));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") choose([]); });

  // ---------------------------------------------------------------- arriving at a project or a value

  const arrive = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest("#record")) return;
    const link = target.matches("[data-m]") ? target : target.querySelector(".k-entry [data-m]");
    goTo(target, "start");
    if (!link) return;
    choose(numbersOf(link));
    fromRecord = true;
    const mark = markOf(numbersOf(link)[0]);
    // Side by side, both are shown; in one column the record comes first.
    if (mark && matchMedia("(min-width: 60rem)").matches) mark.scrollIntoView({ block: target.matches("article") ? "start" : "center" });
  };
  window.addEventListener("hashchange", arrive);
  arrive();
});
