// What can be done with a message: right-click, a long press, or its "⋯" button.
import { el, icon } from "./dom.js";
import { openForm } from "./forms.js";
import { direct, state } from "./state.js";
import { ask } from "./wire.js";
import { localized, word } from "./words.js";

const LONG = 500;
const ON_MESSAGE = 3;
let open = null;

export function canForward(message) {
  return !message.ephemeral && !message.loading && message.author.id !== state.bot;
}

export async function forward(message) {
  closeMenu();
  document.dispatchEvent(new CustomEvent("go", { detail: direct().id }));
  await ask("forward", { channel: message.channel, message: message.id });
}

async function use(command, message) {
  closeMenu();
  const used = { name: command.name, by: state.me.name, slash: false };
  const fields = { channel: message.channel, message: message.id, name: command.name };
  const done = await ask("menu", fields, {}, used);
  if (done.form) openForm(done.form);
}

async function copy(message) {
  closeMenu();
  const row = document.querySelector(`.message[data-id="${CSS.escape(message.id)}"] .message-body`);
  await navigator.clipboard?.writeText(message.content || row.innerText).catch(() => {});
}

/** Beside a button, or where the pointer is. */
export function openMenu(message, opener, point = null) {
  closeMenu();
  const item = (name, mark, done) =>
    el(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", className: "menu-item", on: { click: done } },
      el("span", {}, name),
      mark && icon(mark),
    );
  const own = state.commands.filter((each) => each.type === ON_MESSAGE);
  const menu = el(
    "div",
    { className: "menu", role: "menu", "aria-label": word("page-more") },
    canForward(message) && item(word("page-forward"), "forward", () => forward(message)),
    item(word("page-copy"), "file", () => copy(message)),
    own.length && el("div", { className: "menu-group", role: "presentation" }, word("page-apps")),
    own.map((each) => item(localized(each, "name"), null, () => use(each, message))),
  );
  document.body.append(menu);
  const from = opener.getBoundingClientRect();
  const [x, y] = point ?? [from.right, from.bottom];
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(point ? x : x - box.width, innerWidth - box.width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - box.height - 8))}px`;
  open = { menu, opener };
  menu.querySelector("[role=menuitem]").focus();
  menu.addEventListener("keydown", walk);
}

function walk(event) {
  const items = [...open.menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (step !== undefined) items[step % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") {
    const back = open.opener;
    closeMenu();
    back.focus();
  } else return;
  event.preventDefault();
}

export function closeMenu() {
  open?.menu.remove();
  open = null;
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.menu.contains(event.target)) closeMenu();
});

/** A right click, or a finger that stays. */
export function pressLong(node, message) {
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
    timer = setTimeout(() => openMenu(message, opener(), [clientX, clientY]), LONG);
  };
  node.ontouchend = stop;
  node.ontouchmove = stop;
  node.ontouchcancel = stop;
}
