// Instants as Discord shows them, in Tokyo's time zone and relative to the page's clock.
import { el } from "./dom.js";
import { now } from "./state.js";
import { locale, translate } from "./texts.js";

const FORMATS = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [
  ["second", 60, 1],
  ["minute", 60, 60],
  ["hour", 24, 3600],
  ["day", 30, 86400],
  ["month", 12, 2592000],
];

function languageTag() {
  return locale() === "ja" ? "ja-JP" : "en-US";
}

export function formatTime(instant, format) {
  if (format === "R") return formatRelative(instant);
  return new Intl.DateTimeFormat(languageTag(), { timeZone: "Asia/Tokyo", ...(FORMATS[format] ?? FORMATS.f) }).format(
    instant,
  );
}

function formatRelative(instant) {
  const seconds = (instant - now()) / 1000;
  const formatter = new Intl.RelativeTimeFormat(languageTag(), { numeric: "always" });
  for (const [unit, limit, length] of UNITS) {
    const count = Math.round(seconds / length);
    if (Math.abs(count) < limit) return withoutBlanks(formatter.format(Object.is(count, -0) ? 0 : count, unit));
  }
  return withoutBlanks(formatter.format(Math.round(seconds / 31536000), "year"));
}

/** Japanese has no blank between a number and its unit. */
function withoutBlanks(text) {
  return locale() === "ja" ? text.replaceAll(" ", "") : text;
}

/** A timestamp in a message, which is updated with the clock. */
export function timestampElement(seconds, format = "f") {
  const instant = new Date(seconds * 1000);
  if (Number.isNaN(instant.valueOf())) return null;
  const element = el("time", { className: "stamp", datetime: instant.toISOString(), data: { form: format } });
  element.textContent = formatTime(instant, format);
  element.title = formatTime(instant, "F");
  return element;
}

export function refreshTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-form]")) {
    const text = formatTime(new Date(element.dateTime), element.dataset.form);
    if (element.textContent !== text) element.textContent = text;
  }
}

export function dateOf(instant) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tokyo" }).format(instant);
}

/** The time beside a message's author. */
export function formatSentAt(instant) {
  const time = formatTime(instant, "t");
  const days = (Date.parse(dateOf(now())) - Date.parse(dateOf(instant))) / 86400000;
  if (days === 0) return translate("page-today-at", { time });
  if (days === 1) return translate("page-yesterday-at", { time });
  return `${formatTime(instant, "d")} ${time}`;
}

export function formatClock(instant) {
  const parts = {
    month: locale() === "ja" ? "long" : "short",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  };
  return new Intl.DateTimeFormat(languageTag(), { timeZone: "Asia/Tokyo", hourCycle: "h23", ...parts }).format(instant);
}
