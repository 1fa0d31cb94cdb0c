// A command being filled in: one pill an option, with hints, choices and what the bot offers to complete.
import { el } from "./dom.js";
import { FILE, STRING, choose, closed, fit, hint, isWrong, makePill, sent } from "./option.js";
import { Picker } from "./picker.js";
import { current } from "./state.js";
import { act } from "./wire.js";
import { localized, word } from "./words.js";

const PAUSE = 180;

export class Call {
  /** `send(name, options, files)` and `leave()` are what it ends in. */
  constructor(command, given, { send, leave }) {
    this.command = command;
    this.send = send;
    this.leave = leave;
    this.pills = [];
    this.tag = el("span", { className: "call-name" }, `/${command.name}`);
    this.line = el("div", { className: "call-line", role: "group", "aria-label": `/${command.name}` }, this.tag);
    this.more = el("input", {
      type: "text",
      className: "call-more",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-label": word("page-options"),
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
    });
    for (const event of ["focus", "click", "input"]) this.more.addEventListener(event, () => this.#offerMore());
    this.picker = new Picker(this.more, word("page-options"), (entry) => entry.take());
    this.line.append(this.more);
    this.node = el("div", { className: "call" }, this.picker.box, this.line);
    for (const option of command.options)
      if (option.required || given[option.name]) this.#add(option, given[option.name]);
    this.#count();
    this.line.addEventListener("keydown", (event) => this.#key(event));
    this.node.addEventListener("focusout", (event) => {
      if (!this.node.contains(event.relatedTarget)) this.picker.hide();
    });
  }

  focus() {
    const empty = this.pills.find((each) => !each.filled()) ?? this.pills[0];
    if (empty) empty.input.focus();
    else this.more.focus();
  }

  #left() {
    return this.command.options.filter((option) => !this.pills.some((each) => each.option === option));
  }

  #count() {
    const count = this.#left().length;
    this.more.placeholder = count ? word("page-more-options", { count: String(count) }) : word("page-no-options");
    this.more.readOnly = !count;
  }

  /** The options that are left; what is no option's name goes into the first of them. */
  #offerMore() {
    this.#use(this.more);
    const typed = this.more.value.trim();
    const left = this.#left();
    const take = (option, value) => {
      this.more.value = "";
      const pill = this.#add(option, value);
      this.#count();
      if (value) this.#offerMore();
      else pill.input.focus();
    };
    const sought = typed.toLowerCase();
    let entries = left
      .filter((option) => `${localized(option, "name")} ${option.name}`.toLowerCase().includes(sought))
      .map((option) => ({
        title: localized(option, "name"),
        about: localized(option, "description"),
        take: () => take(option),
      }));
    const first = left.find((option) => option.type === STRING && !option.choices?.length);
    if (!entries.length && typed && first)
      entries = [
        {
          title: `${localized(first, "name")}: ${typed}`,
          about: localized(first, "description"),
          take: () => take(first, typed),
        },
      ];
    this.picker.show(entries, {
      head: entries.length ? hint(word("page-options"), word("page-no-options")) : null,
      at: typed ? 0 : -1,
    });
  }

  #use(field) {
    for (const name of ["aria-expanded", "aria-activedescendant", "aria-controls"])
      this.picker.field.removeAttribute(name);
    this.picker.field = field;
    field.setAttribute("aria-controls", this.picker.list.id);
  }

  #add(option, value = "") {
    const pill = makePill(option, value);
    pill.input.addEventListener("focus", () => this.#hint(pill));
    pill.input.addEventListener("input", () => {
      pill.value = pill.input.value;
      fit(pill.input);
      pill.node.classList.remove("wrong");
      this.#hint(pill);
    });
    this.pills.push(pill);
    this.line.insertBefore(pill.node, this.more);
    return pill;
  }

  /** What is offered while a pill is being filled in. */
  async #hint(pill) {
    this.#use(pill.input);
    this.active = pill;
    const { option } = pill;
    const about = hint(localized(option, "name"), localized(option, "description"), option.required);
    const typed = pill.input.type === "file" ? "" : pill.input.value;
    const fits = (each) => each.title.toLowerCase().includes(typed.toLowerCase()) || each.value === pill.value;
    // What the bot offers is not forced on who typed something else: Enter takes it only when it was gone to.
    const at = option.autocomplete ? -1 : 0;
    const offer = (entries) =>
      this.picker.show(
        entries.map((each) => ({ ...each, take: () => this.#taken(pill, each) })),
        { head: about, at },
      );
    offer(closed(option).filter(fits));
    if (!option.autocomplete) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const fields = {
        channel: current().id,
        name: this.command.name,
        focused: option.name,
        value: typed,
        options: this.#values(pill),
      };
      const { choices } = await act("complete", fields);
      if (this.active !== pill || pill.input.value !== typed || document.activeElement !== pill.input) return;
      offer((choices ?? []).map((each) => ({ title: localized(each, "name"), value: each.value })));
    }, PAUSE);
  }

  #taken(pill, entry) {
    choose(pill, entry);
    this.picker.hide();
    const later = this.pills.slice(this.pills.indexOf(pill) + 1);
    later.find((each) => !each.filled())?.input.focus();
  }

  #values(but = null) {
    const filled = this.pills.filter((each) => each !== but && each.option.type !== FILE && each.filled());
    return Object.fromEntries(filled.map((each) => [each.option.name, each.value]));
  }

  submit() {
    const wrong = this.pills.filter((each) => (each.option.required || each.filled()) && isWrong(each));
    for (const each of this.pills) {
      each.node.classList.toggle("wrong", wrong.includes(each));
      each.input.setAttribute("aria-invalid", String(wrong.includes(each)));
    }
    if (wrong.length) return wrong[0].input.focus();
    const files = {};
    const options = {};
    for (const pill of this.pills.filter((each) => each.filled())) {
      options[pill.option.name] = sent(pill);
      if (pill.option.type === FILE) files[pill.option.name] = pill.input.files[0];
    }
    return this.send(this.command.name, options, files);
  }

  #key(event) {
    const pill = this.pills.find((each) => each.input === event.target);
    if (this.picker.key(event)) return;
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.leave("");
    } else if (event.key === "Backspace" && (pill ? !pill.filled() : !this.more.value)) {
      event.preventDefault();
      if (pill) this.#drop(pill);
      else if (this.pills.length) this.pills.at(-1).input.focus();
      else this.leave(`/${this.command.name}`);
    }
  }

  #drop(pill) {
    const at = this.pills.indexOf(pill);
    if (pill.option.required || at < 0) return this.leave(`/${this.command.name}`);
    pill.node.remove();
    this.pills.splice(at, 1);
    this.#count();
    this.picker.hide();
    (this.pills[at - 1]?.input ?? this.more).focus();
    return undefined;
  }
}
