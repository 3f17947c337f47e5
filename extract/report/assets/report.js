// What every page shares: its language, and the rows that data/*.js add to `report`.
"use strict";
const report = { language: document.documentElement.lang };

const OF_DOCUMENT = ["organisation", "municipality", "body", "source", "date"];

// Rows from their columns; a row that names its document gets what that tells, and leads to its place there.
report.rows = (columns) => {
  const names = Object.keys(columns);
  if (!names.length) return [];
  return columns[names[0]].map((_, n) => {
    const row = {};
    for (const name of names) row[name] = columns[name][n];
    const owner = "anchor" in row ? report.documents[row.document] : null;
    if (owner) {
      for (const name of OF_DOCUMENT) row[name] = owner[name];
      row.href = `${owner.href}#${row.anchor}`;
    }
    return row;
  });
};

// A day as people write it.
report.day = (iso) => (iso ? iso.split("-").reverse().map(Number).join(".") : "");

report.say = (key) => report.labels[report.language][key] || key.slice(key.indexOf(".") + 1);

report.remember = (key, value) => { try { localStorage.setItem("poytakirja-" + key, value); } catch { /* not allowed here */ } };
report.recall = (key) => { try { return localStorage.getItem("poytakirja-" + key); } catch { return null; } };

// An element with attributes and children; text is always text, never HTML.
report.element = (name, attributes, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) if (value !== null && value !== false) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

report.speak = (language) => {
  report.language = language;
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll("[data-t]")) place.textContent = report.say(place.dataset.t);
  for (const name of ["aria-label", "placeholder"]) {
    for (const place of document.querySelectorAll(`[data-t-${name}]`)) place.setAttribute(name, report.say(place.getAttribute(`data-t-${name}`)));
  }
  const other = report.labels[language === "fi" ? "en" : "fi"];
  const inTitle = (part) => Object.keys(other).find((key) => key.startsWith("ui.") && other[key] === part);
  document.title = document.title.split(" – ").map((part) => (inTitle(part) ? report.say(inTitle(part)) : part)).join(" – ");
  document.getElementById("language").lang = language === "fi" ? "en" : "fi";
  document.dispatchEvent(new Event("spoken"));
};

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("language");
  button.hidden = false;
  button.addEventListener("click", () => {
    const language = report.language === "fi" ? "en" : "fi";
    report.remember("language", language);
    report.speak(language);
  });
  const remembered = report.recall("language");
  if (remembered && remembered !== report.language && report.labels[remembered]) report.speak(remembered);
});
