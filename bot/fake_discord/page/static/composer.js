// The composer at the bottom: messages, files and slash commands.
import { CommandInput } from "./command_input.js";
import { commands, parseCommand, parseOptions } from "./commands.js";
import { el, icon, isComposing } from "./dom.js";
import { openForm } from "./forms.js";
import { Picker } from "./picker.js";
import { currentChannel, state } from "./state.js";
import { botAvatar } from "./avatar.js";
import { showNewest } from "./messages.js";
import { requestBot } from "./server.js";
import { translate } from "./texts.js";

const MAX_MESSAGE_LENGTH = 2000;
const composer = document.getElementById("composer");
const line = document.getElementById("line");
const holder = document.getElementById("holder");
const attachedList = document.getElementById("held");
const button = document.getElementById("send");
const picker = new Picker(line, "", (entry) => beginCommand(entry.command, {}));
picker.list.id = "commands";
line.setAttribute("aria-controls", "commands");
composer.prepend(picker.box);
let commandInput = null;
let files = [];

export function updateLabels() {
  const channel = currentChannel();
  if (!channel) return;
  const name = channel.dm ? channel.name : `#${channel.name}`;
  line.placeholder = translate("page-write-to", { name });
  line.setAttribute("aria-label", translate("page-write-to", { name }));
  picker.list.setAttribute("aria-label", translate("page-commands"));
  if (commandInput) endCommand("");
}

export function beginCommand(command, values) {
  picker.hide();
  commandInput = new CommandInput(command, values, { send: runCommand, cancel: endCommand });
  holder.replaceChildren(commandInput.node);
  line.hidden = true;
  button.disabled = false;
  commandInput.focus();
}

/** Begin a command by its name, when its mention is clicked. */
export function beginCommandByName(name) {
  const found = commands().find((each) => each.name === name);
  if (found) beginCommand(found, {});
}

function endCommand(text) {
  commandInput = null;
  holder.replaceChildren();
  line.hidden = false;
  line.value = text;
  fitHeight();
  line.focus();
  if (text) suggestCommands();
}

export async function runCommand(name, options, uploads) {
  const used = { name, by: state.me.name, slash: true };
  const channel = currentChannel().id;
  if (commandInput) endCommand("");
  const result = await requestBot("command", { channel, name, options }, uploads, used);
  if (result.form) openForm(result.form);
  showNewest();
}

function suggestCommands() {
  const typed = line.value.slice(1).toLowerCase();
  if (!line.value.startsWith("/") || line.value.includes("\n")) return picker.hide();
  const matches = commands().filter((each) => each.name.includes(typed));
  matches.sort((one, other) => other.name.startsWith(typed) - one.name.startsWith(typed));
  return picker.show(
    matches.map((command) => ({
      command,
      title: `/${command.name}`,
      about: command.about,
      aside: state.users[state.bot],
      mark: botAvatar(),
    })),
    { head: matches.length ? null : el("div", { className: "hint" }, translate("page-no-command")) },
  );
}

function fitHeight() {
  line.style.height = "auto";
  line.style.height = `${Math.min(line.scrollHeight, 200)}px`;
  button.disabled = !line.value.trim() && !files.length && !commandInput;
}

function attachFiles(added) {
  files = [...files, ...added].slice(0, 10);
  attachedList.hidden = !files.length;
  attachedList.replaceChildren(
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
            "aria-label": translate("page-remove", { name: file.name }),
            on: { click: () => removeFile(file) },
          },
          icon("close"),
        ),
      ),
    ),
  );
  fitHeight();
}

function removeFile(file) {
  files = files.filter((each) => each !== file);
  attachFiles([]);
  line.focus();
}

async function send() {
  if (commandInput) return commandInput.submit();
  const content = line.value;
  const attached = files;
  if (!content.trim() && !attached.length) return undefined;
  const uploads = Object.fromEntries(attached.map((file, number) => [`file${number}`, file]));
  line.value = "";
  files = [];
  attachFiles([]);
  picker.hide();
  const result = await requestBot("write", { channel: currentChannel().id, content }, uploads);
  if (result.refused && !line.value && !files.length) {
    line.value = content;
    attachFiles(attached);
  }
  return showNewest();
}

line.maxLength = MAX_MESSAGE_LENGTH;
line.addEventListener("input", () => {
  fitHeight();
  const found = line.value.startsWith("/") && /\s/.test(line.value) && parseCommand(line.value.replace(/\s+/g, " "));
  if (found) beginCommand(found.command, parseOptions(found.command, found.rest));
  else suggestCommands();
});
line.addEventListener("keydown", (event) => {
  if (picker.handleKey(event) || isComposing(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  }
});
line.addEventListener("blur", () => picker.hide());
line.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (event.clipboardData.files.length) attachFiles(event.clipboardData.files);
  else if (line.value.length + text.length > MAX_MESSAGE_LENGTH) {
    event.preventDefault();
    attachFiles([new File([text], "message.txt", { type: "text/plain" })]); // as Discord does, instead of cutting it
  }
});
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

const input = document.getElementById("files");
document.getElementById("attach").addEventListener("click", () => input.click());
input.addEventListener("change", () => {
  attachFiles(input.files);
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
  attachFiles(event.dataTransfer.files);
  line.focus();
});
