// A command being filled in: a pill for each option, with hints, choices and the bot's autocomplete.
import { el, isComposing } from "./dom.js";
import {
  FILE,
  STRING,
  allowedValues,
  fitWidth,
  hint,
  isInvalid,
  makePill,
  serialize,
  setValue,
} from "./option_field.js";
import { Picker } from "./picker.js";
import { currentChannel } from "./state.js";
import { sendAction } from "./server.js";
import { localized, translate } from "./texts.js";

const AUTOCOMPLETE_DELAY_MILLISECONDS = 180;

export class CommandInput {
  /** `values`: typed already, by option. It ends with `send(name, options, files)` or `cancel(text)`. */
  constructor(command, values, { send, cancel }) {
    this.command = command;
    this.send = send;
    this.cancel = cancel;
    this.pills = [];
    this.tag = el("span", { className: "call-name" }, `/${command.name}`);
    this.line = el("div", { className: "call-line", role: "group", "aria-label": `/${command.name}` }, this.tag);
    this.optionInput = el("input", {
      type: "text",
      className: "call-more",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-label": translate("page-options"),
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    for (const event of ["focus", "click", "input"])
      this.optionInput.addEventListener(event, () => this.#suggestOptions());
    this.picker = new Picker(this.optionInput, translate("page-options"), (entry) => entry.use());
    this.line.append(this.optionInput);
    this.node = el("div", { className: "call" }, this.picker.box, this.line);
    for (const option of command.options)
      if (option.required || values[option.name]) this.#addPill(option, values[option.name]);
    this.#updateOptionCount();
    this.line.addEventListener("keydown", (event) => this.#handleKey(event));
    this.node.addEventListener("focusout", (event) => {
      if (!this.node.contains(event.relatedTarget)) this.picker.hide();
    });
  }

  focus() {
    const empty = this.pills.find((each) => !each.filled()) ?? this.pills[0];
    if (empty) empty.input.focus();
    else this.optionInput.focus();
  }

  #unusedOptions() {
    return this.command.options.filter((option) => !this.pills.some((each) => each.option === option));
  }

  #updateOptionCount() {
    const count = this.#unusedOptions().length;
    this.optionInput.placeholder = count
      ? translate("page-more-options", { count: String(count) })
      : translate("page-no-options");
    this.optionInput.readOnly = !count;
  }

  /** Suggest the unused options; text that is no option's name becomes the value of the first one. */
  #suggestOptions() {
    this.#attachPicker(this.optionInput);
    const typed = this.optionInput.value.trim();
    const unused = this.#unusedOptions();
    const use = (option, value) => {
      this.optionInput.value = "";
      const pill = this.#addPill(option, value);
      this.#updateOptionCount();
      if (value) this.#suggestOptions();
      else pill.input.focus();
    };
    const search = typed.toLowerCase();
    let entries = unused
      .filter((option) => `${localized(option, "name")} ${option.name}`.toLowerCase().includes(search))
      .map((option) => ({
        title: localized(option, "name"),
        about: localized(option, "description"),
        use: () => use(option),
      }));
    const first = unused.find((option) => option.type === STRING && !option.choices?.length);
    if (!entries.length && typed && first)
      entries = [
        {
          title: `${localized(first, "name")}: ${typed}`,
          about: localized(first, "description"),
          use: () => use(first, typed),
        },
      ];
    this.picker.show(entries, {
      head: entries.length ? hint(translate("page-options"), translate("page-no-options")) : null,
      at: typed ? 0 : -1,
    });
  }

  #attachPicker(field) {
    for (const name of ["aria-expanded", "aria-activedescendant", "aria-controls"])
      this.picker.field.removeAttribute(name);
    this.picker.field = field;
    field.setAttribute("aria-controls", this.picker.list.id);
  }

  #addPill(option, value = "") {
    const pill = makePill(option, value);
    pill.input.addEventListener("focus", () => this.#suggestValues(pill));
    pill.input.addEventListener("input", () => {
      pill.value = pill.input.value;
      fitWidth(pill.input);
      pill.node.classList.remove("wrong");
      this.#suggestValues(pill);
    });
    this.pills.push(pill);
    this.line.insertBefore(pill.node, this.optionInput);
    return pill;
  }

  /** Suggest values while a pill is being filled in. */
  async #suggestValues(pill) {
    this.#attachPicker(pill.input);
    this.active = pill;
    const { option } = pill;
    const about = hint(localized(option, "name"), localized(option, "description"), option.required);
    const typed = pill.input.type === "file" ? "" : pill.input.value;
    const matches = (each) => each.title.toLowerCase().includes(typed.toLowerCase()) || each.value === pill.value;
    // No choice of an autocomplete is highlighted: Enter must not replace what was typed.
    const at = option.autocomplete ? -1 : 0;
    const suggest = (entries) =>
      this.picker.show(
        entries.map((each) => ({ ...each, use: () => this.#setValue(pill, each) })),
        { head: about, at },
      );
    suggest(allowedValues(option).filter(matches));
    if (!option.autocomplete) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const fields = {
        channel: currentChannel().id,
        name: this.command.name,
        focused: option.name,
        value: typed,
        options: this.#values(pill),
      };
      const { choices } = await sendAction("autocomplete", fields);
      if (this.active !== pill || pill.input.value !== typed || document.activeElement !== pill.input) return;
      if (!this.picker.isOpen) return; // closed meanwhile
      suggest((choices ?? []).map((each) => ({ title: localized(each, "name"), value: each.value })));
    }, AUTOCOMPLETE_DELAY_MILLISECONDS);
  }

  #setValue(pill, entry) {
    setValue(pill, entry);
    this.picker.hide();
    const later = this.pills.slice(this.pills.indexOf(pill) + 1);
    later.find((each) => !each.filled())?.input.focus();
  }

  #values(except = null) {
    const filled = this.pills.filter((each) => each !== except && each.option.type !== FILE && each.filled());
    return Object.fromEntries(filled.map((each) => [each.option.name, each.value]));
  }

  submit() {
    const invalid = this.pills.filter((each) => (each.option.required || each.filled()) && isInvalid(each));
    for (const each of this.pills) {
      each.node.classList.toggle("wrong", invalid.includes(each));
      each.input.setAttribute("aria-invalid", String(invalid.includes(each)));
    }
    if (invalid.length) return invalid[0].input.focus();
    const files = {};
    const options = {};
    for (const pill of this.pills.filter((each) => each.filled())) {
      options[pill.option.name] = serialize(pill);
      if (pill.option.type === FILE) files[pill.option.name] = pill.input.files[0];
    }
    return this.send(this.command.name, options, files);
  }

  #handleKey(event) {
    const pill = this.pills.find((each) => each.input === event.target);
    if (this.picker.handleKey(event)) return;
    if (isComposing(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.cancel("");
    } else if (event.key === "Backspace" && (pill ? !pill.filled() : !this.optionInput.value)) {
      event.preventDefault();
      if (pill) this.#removePill(pill);
      else if (this.pills.length) this.pills.at(-1).input.focus();
      else this.cancel(`/${this.command.name}`);
    }
  }

  #removePill(pill) {
    const index = this.pills.indexOf(pill);
    if (pill.option.required || index < 0) return this.cancel(`/${this.command.name}`);
    pill.node.remove();
    this.pills.splice(index, 1);
    this.#updateOptionCount();
    this.picker.hide();
    (this.pills[index - 1]?.input ?? this.optionInput).focus();
    return undefined;
  }
}
