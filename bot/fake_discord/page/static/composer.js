// The line at the bottom: messages, files, and slash commands.
import { Call } from "./call.js";
import { begun, commands, written } from "./commands.js";
import { el, icon } from "./dom.js";
import { openForm } from "./forms.js";
import { Picker } from "./picker.js";
import { current, state } from "./state.js";
import { botAvatar } from "./avatar.js";
import { showNewest } from "./messages.js";
import { ask } from "./wire.js";
import { word } from "./words.js";

const LONGEST = 2000;
const composer = document.getElementById("composer");
const line = document.getElementById("line");
const holder = document.getElementById("holder");
const held = document.getElementById("held");
const button = document.getElementById("send");
const picker = new Picker(line, "", (entry) => begin(entry.command, {}));
picker.list.id = "commands";
line.setAttribute("aria-controls", "commands");
composer.prepend(picker.box);
let call = null;
let files = [];

export function label() {
  const channel = current();
  if (!channel) return;
  const name = channel.dm ? channel.name : `#${channel.name}`;
  line.placeholder = word("page-write-to", { name });
  line.setAttribute("aria-label", word("page-write-to", { name }));
  picker.list.setAttribute("aria-label", word("page-commands"));
  if (call) end("");
}

export function begin(command, given) {
  picker.hide();
  call = new Call(command, given, { send: use, leave: end });
  holder.replaceChildren(call.node);
  line.hidden = true;
  button.disabled = false;
  call.focus();
}

/** Begin a command by its name, as somebody who presses its mention. */
export function beginNamed(name) {
  const found = commands().find((each) => each.name === name);
  if (found) begin(found, {});
}

function end(text) {
  call = null;
  holder.replaceChildren();
  line.hidden = false;
  line.value = text;
  grow();
  line.focus();
  if (text) offer();
}

export async function use(name, options, given) {
  const used = { name, by: state.me.name, slash: true };
  const channel = current().id;
  if (call) end("");
  const done = await ask("command", { channel, name, options }, given, used);
  if (done.form) openForm(done.form);
  showNewest();
}

function offer() {
  const typed = line.value.slice(1).toLowerCase();
  if (!line.value.startsWith("/") || line.value.includes("\n")) return picker.hide();
  const found = commands().filter((each) => each.name.includes(typed));
  found.sort((one, other) => other.name.startsWith(typed) - one.name.startsWith(typed));
  return picker.show(
    found.map((command) => ({
      command,
      title: `/${command.name}`,
      about: command.about,
      aside: state.users[state.bot],
      mark: botAvatar(),
    })),
    { head: found.length ? null : el("div", { className: "hint" }, word("page-no-command")) },
  );
}

function grow() {
  line.style.height = "auto";
  line.style.height = `${Math.min(line.scrollHeight, 200)}px`;
  button.disabled = !line.value.trim() && !files.length && !call;
}

function hold(more) {
  files = [...files, ...more].slice(0, 10);
  held.hidden = !files.length;
  held.replaceChildren(
    ...files.map((file) =>
      el(
        "li",
        { className: "held-file" },
        icon("file"),
        el("span", {}, file.name),
        el(
          "button",
          {
            type: "button",
            className: "tool",
            "aria-label": word("page-remove", { name: file.name }),
            on: { click: () => drop(file) },
          },
          icon("close"),
        ),
      ),
    ),
  );
  grow();
}

function drop(file) {
  files = files.filter((each) => each !== file);
  hold([]);
  line.focus();
}

async function send() {
  if (call) return call.submit();
  const content = line.value;
  if (!content.trim() && !files.length) return undefined;
  const given = Object.fromEntries(files.map((file, number) => [`file${number}`, file]));
  line.value = "";
  files = [];
  hold([]);
  picker.hide();
  await ask("write", { channel: current().id, content }, given);
  return showNewest();
}

line.maxLength = LONGEST;
line.addEventListener("input", () => {
  grow();
  const found = line.value.startsWith("/") && /\s/.test(line.value) && begun(line.value.replace(/\s+/g, " "));
  if (found) begin(found.command, written(found.command, found.rest));
  else offer();
});
line.addEventListener("keydown", (event) => {
  if (picker.key(event) || event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  }
});
line.addEventListener("blur", () => picker.hide());
line.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) hold(event.clipboardData.files);
});
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

const input = document.getElementById("files");
document.getElementById("attach").addEventListener("click", () => input.click());
input.addEventListener("change", () => {
  hold(input.files);
  input.value = "";
  line.focus();
});

const main = document.getElementById("main");
for (const name of ["dragenter", "dragover"]) {
  main.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    main.classList.add("dropping");
  });
}
main.addEventListener("dragleave", (event) => {
  if (!main.contains(event.relatedTarget)) main.classList.remove("dropping");
});
main.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  main.classList.remove("dropping");
  hold(event.dataTransfer.files);
  line.focus();
});
