// Instants as Discord shows them, in Tokyo, seen from the rehearsal's clock.
import { el } from "./dom.js";
import { now } from "./state.js";
import { locale, word } from "./words.js";

const FORMS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const STEPS = [
  ["second", 60, 1],
  ["minute", 60, 60],
  ["hour", 24, 3600],
  ["day", 30, 86400],
  ["month", 12, 2592000],
];

function tag() {
  return locale() === "ja" ? "ja-JP" : "en-US";
}

export function shown(instant, form) {
  if (form === "R") return fromNow(instant);
  return new Intl.DateTimeFormat(tag(), { timeZone: "Asia/Tokyo", ...(FORMS[form] ?? FORMS.f) }).format(instant);
}

function fromNow(instant) {
  const seconds = (instant - now()) / 1000;
  const words = new Intl.RelativeTimeFormat(tag(), { numeric: "always" });
  for (const [unit, most, long] of STEPS) {
    const count = Math.round(seconds / long);
    if (Math.abs(count) < most) return tight(words.format(Object.is(count, -0) ? 0 : count, unit));
  }
  return tight(words.format(Math.round(seconds / 31536000), "year"));
}

/** Japanese has no blank between a figure and its unit. */
function tight(text) {
  return locale() === "ja" ? text.replaceAll(" ", "") : text;
}

/** A timestamp in a message: it follows the clock. */
export function stamp(seconds, form = "f") {
  const instant = new Date(seconds * 1000);
  if (Number.isNaN(instant.valueOf())) return null;
  const made = el("time", { className: "stamp", datetime: instant.toISOString(), data: { form } });
  made.textContent = shown(instant, form);
  made.title = shown(instant, "F");
  return made;
}

export function tick(root = document) {
  for (const each of root.querySelectorAll("time[data-form]")) {
    const text = shown(new Date(each.dateTime), each.dataset.form);
    if (each.textContent !== text) each.textContent = text;
  }
}

export function dayOf(instant) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(instant);
}

/** Beside a message's author. */
export function whenSent(instant) {
  const time = shown(instant, "t");
  const days = (Date.parse(dayOf(now())) - Date.parse(dayOf(instant))) / 86400000;
  if (days === 0) return word("page-today-at", { time });
  if (days === 1) return word("page-yesterday-at", { time });
  return `${shown(instant, "d")} ${time}`;
}

export function clockFace(instant) {
  const parts = {
    month: locale() === "ja" ? "long" : "short",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  };
  return new Intl.DateTimeFormat(tag(), { timeZone: "Asia/Tokyo", hourCycle: "h23", ...parts }).format(instant);
}
