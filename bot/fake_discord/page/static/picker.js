// A list of choices for a field, used with the arrow keys, Enter, Escape or the pointer.
import { el, isComposing, uniqueId } from "./dom.js";

export class Picker {
  /** `onChoose(entry)` is called with the choice. `field` keeps the focus and names the list to screen readers. */
  constructor(field, label, onChoose) {
    this.field = field;
    this.onChoose = onChoose;
    this.entries = [];
    this.index = -1;
    this.list = el("div", { id: uniqueId("list"), role: "listbox", className: "picker-list", "aria-label": label });
    this.head = el("div", { className: "picker-head" });
    this.box = el("div", { className: "picker", hidden: true }, this.head, this.list);
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-expanded", "false");
  }

  get isOpen() {
    return !this.box.hidden;
  }

  /** Entries are {title, about, aside, disabled, selected, …}; `onChoose` gets them with all their keys. */
  show(entries, { head = null, at = 0 } = {}) {
    this.entries = entries;
    this.head.replaceChildren(...(head ? [head] : []));
    this.head.hidden = !head;
    this.list.hidden = !entries.length;
    this.list.replaceChildren(...entries.map((entry, number) => this.#buildRow(entry, number)));
    this.box.hidden = !entries.length && !head;
    this.field.setAttribute("aria-expanded", String(!this.box.hidden));
    this.#highlight(entries.length ? Math.min(at, entries.length - 1) : -1);
  }

  hide() {
    this.box.hidden = true;
    this.entries = [];
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  #buildRow(entry, number) {
    const choose = (event) => {
      event.preventDefault();
      this.onChoose(entry);
    };
    return el(
      "div",
      {
        id: uniqueId("option"),
        role: "option",
        className: "picker-row",
        "aria-selected": entry.selected ? "true" : "false",
        on: {
          mousedown: (event) => event.preventDefault(),
          click: choose,
          mousemove: () => this.#highlight(number, false),
        },
      },
      entry.mark,
      el(
        "span",
        { className: "picker-words" },
        el("span", { className: "picker-title" }, entry.title),
        entry.about && el("span", { className: "picker-about" }, entry.about),
      ),
      entry.aside && el("span", { className: "picker-aside" }, entry.aside),
    );
  }

  #highlight(number, scroll = true) {
    this.index = number;
    [...this.list.children].forEach((row, index) => row.classList.toggle("at", index === number));
    const row = this.list.children[number];
    if (row) {
      this.field.setAttribute("aria-activedescendant", row.id);
      if (scroll) row.scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
  }

  /** Handle a key; return whether it was one of the list's. */
  handleKey(event) {
    if (!this.isOpen || isComposing(event)) return false;
    const count = this.entries.length;
    if (event.key === "Escape") this.hide();
    else if (count && event.key === "ArrowDown") this.#highlight((this.index + 1) % count);
    else if (count && event.key === "ArrowUp") this.#highlight((this.index + count - 1) % count);
    else if (count && (event.key === "Enter" || event.key === "Tab") && this.index >= 0 && !event.shiftKey) {
      this.onChoose(this.entries[this.index]);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
