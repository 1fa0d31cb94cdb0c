// Channels, and who is sitting here: the person, their language, the theme.
import { el, fill, icon } from "./dom.js";
import { avatar, botAvatar } from "./avatar.js";
import { current, markRead, state, tell, unread } from "./state.js";
import { act, sitDown } from "./wire.js";
import { locale, word } from "./words.js";

const sidebar = document.getElementById("sidebar");
const shade = document.getElementById("shade");
const opener = document.getElementById("open-sidebar");
const places = document.getElementById("channels");
const user = document.getElementById("user");
const title = document.getElementById("title");
const THEMES = ["dark", "light"];

export function go(id) {
  state.open = id;
  markRead(id);
  show(false);
  tell(new Set(["open"]));
}

function show(isOpen) {
  sidebar.classList.toggle("open", isOpen);
  shade.hidden = !isOpen;
  opener.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) sidebar.querySelector("[aria-current=page]")?.focus();
}

opener.addEventListener("click", () => show(!sidebar.classList.contains("open")));
shade.addEventListener("click", () => show(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !sidebar.classList.contains("open")) return;
  show(false);
  opener.focus();
});

export function draw() {
  if (!state.me) return;
  const servers = state.channels.filter((each) => !each.dm);
  fill(
    places,
    el("h2", {}, word("page-direct-messages")),
    state.channels.filter((each) => each.dm).map(entry),
    servers.length && el("h2", {}, servers[0].server),
    servers.map(entry),
  );
  const channel = current();
  fill(title, channel?.dm ? botAvatar() : icon("hash"), el("span", {}, channel?.name ?? ""));
  document.title = `${channel && !channel.dm ? "#" : ""}${channel?.name ?? ""} · ${word("page-title")}`;
  const waiting = state.channels.reduce((sum, each) => sum + (each.id === state.open ? 0 : unread(each.id)), 0);
  opener.classList.toggle("unread", waiting > 0);
  opener.setAttribute(
    "aria-label",
    waiting ? word("page-open-sidebar-unread", { count: String(waiting) }) : word("page-open-sidebar"),
  );
  drawUser();
}

function entry(channel) {
  const count = channel.id === state.open ? 0 : unread(channel.id);
  const name = `${channel.dm ? "" : "#"}${channel.name}`;
  return el(
    "button",
    {
      type: "button",
      className: `place ${count ? "unread" : ""}`,
      "aria-current": channel.id === state.open ? "page" : null,
      data: { key: `place-${channel.id}` },
      "aria-label": count ? word("page-unread", { name, count: String(count) }) : name,
      on: { click: () => go(channel.id) },
    },
    channel.dm ? botAvatar() : icon("hash"),
    el("span", { className: "place-name" }, channel.name),
    count > 0 && el("span", { className: "badge" }, String(count)),
  );
}

function drawUser() {
  fill(
    user,
    group(
      word("page-who"),
      state.people.map((name) => [
        name,
        name === state.who,
        () => sitDown(name),
        [avatar({ id: personId(name), name, app: false }), el("span", {}, name)],
      ]),
    ),
    group(
      word("page-language"),
      [
        ["日本語", "ja"],
        ["English", "en"],
      ].map(([name, tag]) => [
        name,
        tag === locale(),
        () => act("speak", { locale: tag }),
        [el("span", { lang: tag }, name)],
      ]),
    ),
    group(
      word("page-theme"),
      THEMES.map((name) => [name, theme() === name, () => wear(name), [el("span", {}, word(`page-theme-${name}`))]]),
    ),
  );
}

function group(name, choices) {
  return el(
    "div",
    { className: "switch", role: "group", "aria-label": name },
    choices.map(([key, pressed, chosen, face]) =>
      el(
        "button",
        { type: "button", "aria-pressed": String(pressed), data: { key: `${name} ${key}` }, on: { click: chosen } },
        face,
      ),
    ),
  );
}

function personId(name) {
  return Object.entries(state.users).find(([, each]) => each === name)?.[0] ?? "0";
}

function theme() {
  return document.documentElement.dataset.theme;
}

function wear(name) {
  document.documentElement.dataset.theme = name;
  draw();
}

const light = matchMedia("(prefers-color-scheme: light)");
const follow = () => wear(light.matches ? "light" : "dark");
light.addEventListener("change", follow);
follow();
