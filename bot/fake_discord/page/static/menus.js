// The context menu of a message: by a right click, a long press, or its "⋯" button.
import { el, icon } from "./dom.js";
import { openForm } from "./forms.js";
import { directChannel, state } from "./state.js";
import { requestBot } from "./server.js";
import { localized, translate } from "./texts.js";

const LONG_PRESS_MILLISECONDS = 500;
const MESSAGE_COMMAND = 3;
let openedMenu = null;

export function canForward(message) {
  return !message.ephemeral && !message.loading && message.author.id !== state.bot;
}

export async function forward(message) {
  closeMenu();
  document.dispatchEvent(new CustomEvent("go", { detail: directChannel().id }));
  await requestBot("forward", { channel: message.channel, message: message.id });
}

async function runMenuCommand(command, message) {
  closeMenu();
  const used = { name: command.name, by: state.me.name, slash: false };
  const fields = { channel: message.channel, message: message.id, name: command.name };
  const result = await requestBot("menu", fields, {}, used);
  if (result.form) openForm(result.form);
}

async function copy(message) {
  closeMenu();
  const row = document.querySelector(`.message[data-id="${CSS.escape(message.id)}"] .message-body`);
  await navigator.clipboard?.writeText(message.content || row.innerText).catch(() => {});
}

/** Open the menu beside a button, or at a point. */
export function openMenu(message, opener, point = null) {
  closeMenu();
  const item = (name, iconName, action) =>
    el(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", className: "menu-item", on: { click: action } },
      el("span", {}, name),
      iconName && icon(iconName),
    );
  const botCommands = state.commands.filter((each) => each.type === MESSAGE_COMMAND);
  const menu = el(
    "div",
    { className: "menu", role: "menu", "aria-label": translate("page-more") },
    canForward(message) && item(translate("page-forward"), "forward", () => forward(message)),
    item(translate("page-copy"), "file", () => copy(message)),
    botCommands.length && el("div", { className: "menu-group", role: "presentation" }, translate("page-apps")),
    botCommands.map((each) => item(localized(each, "name"), null, () => runMenuCommand(each, message))),
  );
  document.body.append(menu);
  const from = opener.getBoundingClientRect();
  const [x, y] = point ?? [from.right, from.bottom];
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(point ? x : x - box.width, innerWidth - box.width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - box.height - 8))}px`;
  openedMenu = { menu, opener };
  menu.querySelector("[role=menuitem]").focus();
  menu.addEventListener("keydown", handleKey);
}

function handleKey(event) {
  const items = [...openedMenu.menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (step !== undefined) items[step % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") {
    const { opener } = openedMenu;
    closeMenu();
    opener.focus();
  } else return;
  event.preventDefault();
}

export function closeMenu() {
  openedMenu?.menu.remove();
  openedMenu = null;
}

document.addEventListener("pointerdown", (event) => {
  if (openedMenu && !openedMenu.menu.contains(event.target)) closeMenu();
});

/** Open the menu by a right click or a long press. */
export function addContextMenu(node, message) {
  if (message.ephemeral) return;
  const opener = () => node.querySelector(".tool:last-child") ?? node;
  node.oncontextmenu = (event) => {
    event.preventDefault();
    openMenu(message, opener(), [event.clientX, event.clientY]);
  };
  let timer = null;
  const stop = () => clearTimeout(timer);
  node.ontouchstart = (event) => {
    const { clientX, clientY } = event.touches[0];
    timer = setTimeout(() => openMenu(message, opener(), [clientX, clientY]), LONG_PRESS_MILLISECONDS);
  };
  node.ontouchend = stop;
  node.ontouchmove = stop;
  node.ontouchcancel = stop;
}
