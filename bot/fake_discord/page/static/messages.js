// The messages of the open channel, in their order.
import { botAvatar } from "./avatar.js";
import { el, fill, icon } from "./dom.js";
import { pressLong } from "./menus.js";
import { failures, parts } from "./message.js";
import { current, markRead, messagesIn, now, state } from "./state.js";
import { dayOf, shown, tick } from "./times.js";
import { word } from "./words.js";

const TOGETHER = 7 * 60 * 1000;
const log = document.getElementById("log");
const list = document.getElementById("messages");
const rows = new Map();
let drawnFor = null;
let newest = null; // the last message
let rest = 0; // where that is shown
let seen = 0; // how far the log was scrolled when last looked at
let stood = "newest"; // where the reader is: there, at the "end", or (null) somewhere of their own

export function draw() {
  const channel = current();
  if (!channel) return list.replaceChildren();
  notice();
  const anew = drawnFor !== `${state.who} ${channel.id} ${state.me.locale}`;
  drawnFor = `${state.who} ${channel.id} ${state.me.locale}`;
  if (anew) {
    newest = null;
    rows.clear();
    list.replaceChildren(welcome(channel));
  }
  const there = messagesIn(channel.id);
  const wanted = new Set(there.map((each) => each.id));
  for (const [id, row] of rows) {
    if (wanted.has(id)) continue;
    row.node.remove();
    row.divider?.remove();
    rows.delete(id);
  }
  const today = dayOf(now()); // "today" is another word tomorrow
  let before = null;
  let place = list.firstElementChild;
  for (const message of there) {
    const key = JSON.stringify([
      message,
      failures.get(message.id),
      together(before, message),
      newDay(before, message),
      today,
    ]);
    let row = rows.get(message.id);
    if (!row) {
      row = { node: el("li", { className: "message", data: { id: message.id } }) };
      rows.set(message.id, row);
    }
    if (row.key !== key) paint(row, message, before);
    row.key = key;
    for (const node of [row.divider, row.node]) {
      if (!node) continue;
      if (place.nextElementSibling !== node) place.after(node);
      place = node;
    }
    before = message;
  }
  tick(list);
  const came = newest !== (before?.id ?? null);
  newest = before?.id ?? null;
  if (anew || (came && stood)) stood = "newest";
  stand(stood);
  if (stood && document.hasFocus()) markRead(channel.id);
}

function standing() {
  if (Math.abs(log.scrollTop - rest) < 2) return "newest";
  return log.scrollHeight - log.scrollTop - log.clientHeight < 80 ? "end" : null;
}

/** Go to the end; what is newest and higher than the screen is shown from its beginning. */
function stand(where) {
  if (!where) return;
  const last = rows.get(newest)?.node;
  log.scrollTop = log.scrollHeight;
  if (where === "newest" && last) log.scrollTop = Math.min(log.scrollTop, last.offsetTop - log.offsetTop);
  rest = where === "newest" ? log.scrollTop : -1;
  seen = log.scrollTop;
}

/** Where the reader is; the browser tells it a frame after they scrolled, and something may come before. */
function notice() {
  if (Math.abs(log.scrollTop - seen) < 2) return;
  seen = log.scrollTop;
  stood = standing();
}

function together(before, message) {
  return (
    Boolean(before) &&
    before.author.id === message.author.id &&
    !message.used &&
    !before.failed &&
    !message.failed &&
    before.ephemeral === message.ephemeral &&
    !newDay(before, message) &&
    new Date(message.at) - new Date(before.at) < TOGETHER
  );
}

function newDay(before, message) {
  return !before || dayOf(new Date(before.at)) !== dayOf(new Date(message.at));
}

function paint(row, message, before) {
  row.divider?.remove();
  row.divider = newDay(before, message)
    ? el("li", { className: "day", role: "separator" }, el("span", {}, shown(new Date(message.at), "D")))
    : null;
  const compact = together(before, message);
  const classes = { message: true, compact, ephemeral: message.ephemeral, answer: message.used };
  row.node.className = Object.keys(classes)
    .filter((name) => classes[name])
    .join(" ");
  fill(row.node, parts(message, compact));
  pressLong(row.node, message);
}

function welcome(channel) {
  return el(
    "li",
    { className: "welcome" },
    channel.dm ? botAvatar() : el("span", { className: "avatar hash", "aria-hidden": "true" }, icon("hash")),
    el("h2", {}, channel.dm ? channel.name : `#${channel.name}`),
    el("p", {}, word(channel.dm ? "page-welcome-direct" : "page-welcome-channel")),
  );
}

/** Whoever did something wants to see what comes of it. */
export function showNewest() {
  stood = "newest";
  stand(stood);
}

log.addEventListener("scroll", () => {
  seen = log.scrollTop;
  stood = standing();
  log.classList.toggle("held", stood !== null);
});

// A picture that arrives makes its card higher; the guide and the line take room and give it back.
const sizes = new ResizeObserver(() => stand(stood));
for (const each of [log, list]) sizes.observe(each);
