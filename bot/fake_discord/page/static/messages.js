// The messages of the open channel.
import { botAvatar } from "./avatar.js";
import { el, icon, replaceContent } from "./dom.js";
import { addContextMenu } from "./menus.js";
import { failures, parts } from "./message.js";
import { currentChannel, markRead, messagesIn, now, state } from "./state.js";
import { dateOf, formatTime, refreshTimes } from "./times.js";
import { translate } from "./texts.js";

const COMPACT_MILLISECONDS = 7 * 60 * 1000;
const log = document.getElementById("log");
const list = document.getElementById("messages");
const rows = new Map();
let drawnView = null;
let newest = null; // the id of the last message
let newestOffset = 0; // the scroll offset at which it begins
let lastOffset = 0; // the scroll offset that was handled last
let position = "newest"; // where the reader is: there, at the "end", or (null) anywhere else

export function draw() {
  const channel = currentChannel();
  if (!channel) return list.replaceChildren();
  updatePosition();
  const isNewView = drawnView !== `${state.user} ${channel.id} ${state.me.locale}`;
  drawnView = `${state.user} ${channel.id} ${state.me.locale}`;
  if (isNewView) {
    newest = null;
    rows.clear();
    list.replaceChildren(welcome(channel));
  }
  const messages = messagesIn(channel.id);
  const ids = new Set(messages.map((message) => message.id));
  for (const [id, row] of rows) {
    if (ids.has(id)) continue;
    row.node.remove();
    row.divider?.remove();
    rows.delete(id);
  }
  const today = dateOf(now()); // texts such as "today" change with it
  let before = null;
  let place = list.firstElementChild;
  for (const message of messages) {
    const key = JSON.stringify([
      message,
      failures.get(message.id),
      isCompact(before, message),
      startsNewDay(before, message),
      today,
    ]);
    let row = rows.get(message.id);
    if (!row) {
      row = { node: el("li", { className: "message", data: { id: message.id } }) };
      rows.set(message.id, row);
    }
    if (row.key !== key) drawMessage(row, message, before);
    row.key = key;
    for (const node of [row.divider, row.node]) {
      if (!node) continue;
      if (place.nextElementSibling !== node) place.after(node);
      place = node;
    }
    before = message;
  }
  refreshTimes(list);
  const isNewer = newest !== (before?.id ?? null);
  newest = before?.id ?? null;
  if (isNewView || (isNewer && position)) position = "newest";
  scrollToPosition(position);
  if (position && document.hasFocus()) markRead(channel.id);
}

function currentPosition() {
  if (Math.abs(log.scrollTop - newestOffset) < 2) return "newest";
  return log.scrollHeight - log.scrollTop - log.clientHeight < 80 ? "end" : null;
}

/** Scroll to the end; a newest message higher than the screen is shown from its beginning. */
function scrollToPosition(target) {
  if (!target) return;
  const last = rows.get(newest)?.node;
  log.scrollTop = log.scrollHeight;
  if (target === "newest" && last) log.scrollTop = Math.min(log.scrollTop, last.offsetTop - log.offsetTop);
  newestOffset = target === "newest" ? log.scrollTop : -1;
  lastOffset = log.scrollTop;
}

/** Update the position: the browser's scroll event comes a frame later, and a message may come before it. */
function updatePosition() {
  if (Math.abs(log.scrollTop - lastOffset) < 2) return;
  lastOffset = log.scrollTop;
  position = currentPosition();
}

function isCompact(before, message) {
  return (
    Boolean(before) &&
    before.author.id === message.author.id &&
    !message.used &&
    !before.failed &&
    !message.failed &&
    before.ephemeral === message.ephemeral &&
    !startsNewDay(before, message) &&
    new Date(message.at) - new Date(before.at) < COMPACT_MILLISECONDS
  );
}

function startsNewDay(before, message) {
  return !before || dateOf(new Date(before.at)) !== dateOf(new Date(message.at));
}

function drawMessage(row, message, before) {
  row.divider?.remove();
  row.divider = startsNewDay(before, message)
    ? el("li", { className: "day", role: "separator" }, el("span", {}, formatTime(new Date(message.at), "D")))
    : null;
  const compact = isCompact(before, message);
  const classes = { message: true, compact, ephemeral: message.ephemeral, answer: message.used };
  row.node.className = Object.keys(classes)
    .filter((name) => classes[name])
    .join(" ");
  replaceContent(row.node, parts(message, compact));
  addContextMenu(row.node, message);
}

function welcome(channel) {
  return el(
    "li",
    { className: "welcome" },
    channel.dm ? botAvatar() : el("span", { className: "avatar hash", "aria-hidden": "true" }, icon("hash")),
    el("h2", {}, channel.dm ? channel.name : `#${channel.name}`),
    el("p", {}, translate(channel.dm ? "page-welcome-direct" : "page-welcome-channel")),
  );
}

/** Scroll to the newest message, after an action of the person. */
export function showNewest() {
  position = "newest";
  scrollToPosition(position);
}

log.addEventListener("scroll", () => {
  lastOffset = log.scrollTop;
  position = currentPosition();
  log.classList.toggle("held", position !== null);
});

// The size changes with a picture that has loaded, the first steps and the composer.
const observer = new ResizeObserver(() => scrollToPosition(position));
for (const element of [log, list]) observer.observe(element);
