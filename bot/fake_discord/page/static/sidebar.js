// The sidebar: channels, and the choice of the person, the language and the theme.
import { el, icon, replaceContent } from "./dom.js";
import { avatar, botAvatar } from "./avatar.js";
import { currentChannel, markRead, notifyListeners, state, unread } from "./state.js";
import { connectAs, sendAction } from "./server.js";
import { locale, translate } from "./texts.js";

const sidebar = document.getElementById("sidebar");
const shade = document.getElementById("shade");
const opener = document.getElementById("open-sidebar");
const channelList = document.getElementById("channels");
const user = document.getElementById("user");
const title = document.getElementById("title");
const THEMES = ["dark", "light"];

export function openChannel(id) {
  state.open = id;
  markRead(id);
  setOpen(false);
  notifyListeners(new Set(["open"]));
}

function setOpen(isOpen) {
  sidebar.classList.toggle("open", isOpen);
  shade.hidden = !isOpen;
  opener.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) sidebar.querySelector("[aria-current=page]")?.focus();
}

opener.addEventListener("click", () => setOpen(!sidebar.classList.contains("open")));
shade.addEventListener("click", () => setOpen(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !sidebar.classList.contains("open")) return;
  setOpen(false);
  opener.focus();
});

export function draw() {
  if (!state.me) return;
  const servers = state.channels.filter((each) => !each.dm);
  replaceContent(
    channelList,
    el("h2", {}, translate("page-direct-messages")),
    state.channels.filter((each) => each.dm).map(channelButton),
    servers.length && el("h2", {}, servers[0].server),
    servers.map(channelButton),
  );
  const channel = currentChannel();
  replaceContent(title, channel?.dm ? botAvatar() : icon("hash"), el("span", {}, channel?.name ?? ""));
  document.title = `${channel && !channel.dm ? "#" : ""}${channel?.name ?? ""} · ${translate("page-title")}`;
  const unreadCount = state.channels.reduce((sum, each) => sum + (each.id === state.open ? 0 : unread(each.id)), 0);
  opener.classList.toggle("unread", unreadCount > 0);
  opener.setAttribute(
    "aria-label",
    unreadCount
      ? translate("page-open-sidebar-unread", { count: String(unreadCount) })
      : translate("page-open-sidebar"),
  );
  drawUser();
}

function channelButton(channel) {
  const count = channel.id === state.open ? 0 : unread(channel.id);
  const name = `${channel.dm ? "" : "#"}${channel.name}`;
  return el(
    "button",
    {
      type: "button",
      className: `place ${count ? "unread" : ""}`,
      "aria-current": channel.id === state.open ? "page" : null,
      data: { key: `place-${channel.id}` },
      "aria-label": count ? translate("page-unread", { name, count: String(count) }) : name,
      on: { click: () => openChannel(channel.id) },
    },
    channel.dm ? botAvatar() : icon("hash"),
    el("span", { className: "place-name" }, channel.name),
    count > 0 && el("span", { className: "badge" }, String(count)),
  );
}

function drawUser() {
  replaceContent(
    user,
    choiceGroup(
      translate("page-who"),
      state.people.map((name) => [
        name,
        name === state.user,
        () => connectAs(name),
        [avatar({ id: personId(name), name, app: false }), el("span", {}, name)],
      ]),
    ),
    choiceGroup(
      translate("page-language"),
      [
        ["日本語", "ja"],
        ["English", "en"],
      ].map(([name, tag]) => [
        name,
        tag === locale(),
        () => sendAction("set_locale", { locale: tag }),
        [el("span", { lang: tag }, name)],
      ]),
    ),
    choiceGroup(
      translate("page-theme"),
      THEMES.map((name) => [
        name,
        theme() === name,
        () => setTheme(name),
        [el("span", {}, translate(`page-theme-${name}`))],
      ]),
    ),
  );
}

function choiceGroup(name, choices) {
  return el(
    "div",
    { className: "switch", role: "group", "aria-label": name },
    choices.map(([key, pressed, choose, content]) =>
      el(
        "button",
        { type: "button", "aria-pressed": String(pressed), data: { key: `${name} ${key}` }, on: { click: choose } },
        content,
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

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  draw();
}

const light = matchMedia("(prefers-color-scheme: light)");
const followSystem = () => setTheme(light.matches ? "light" : "dark");
light.addEventListener("change", followSystem);
followSystem();
