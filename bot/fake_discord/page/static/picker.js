// A list that is chosen from with arrows, Enter, Escape or a tap, under or over whatever opened it.
import { el, fresh } from "./dom.js";

export class Picker {
  /** `chosen(entry)` hears what was chosen. `field`: what keeps the focus, and tells a screen reader of the list. */
  constructor(field, label, chosen) {
    this.field = field;
    this.chosen = chosen;
    this.entries = [];
    this.at = -1;
    this.list = el("div", { id: fresh("list"), role: "listbox", className: "picker-list", "aria-label": label });
    this.head = el("div", { className: "picker-head" });
    this.box = el("div", { className: "picker", hidden: true }, this.head, this.list);
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-expanded", "false");
  }

  get isOpen() {
    return !this.box.hidden;
  }

  /** Entries are {title, about, aside, disabled, selected, …}; whatever else they bear comes back. */
  show(entries, { head = null, at = 0 } = {}) {
    this.entries = entries;
    this.head.replaceChildren(...(head ? [head] : []));
    this.head.hidden = !head;
    this.list.hidden = !entries.length;
    this.list.replaceChildren(...entries.map((entry, number) => this.#row(entry, number)));
    this.box.hidden = !entries.length && !head;
    this.field.setAttribute("aria-expanded", String(!this.box.hidden));
    this.#point(entries.length ? Math.min(at, entries.length - 1) : -1);
  }

  hide() {
    this.box.hidden = true;
    this.entries = [];
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  #row(entry, number) {
    const take = (event) => {
      event.preventDefault();
      this.chosen(entry);
    };
    return el(
      "div",
      {
        id: fresh("option"),
        role: "option",
        className: "picker-row",
        "aria-selected": entry.selected ? "true" : "false",
        on: { mousedown: (event) => event.preventDefault(), click: take, mousemove: () => this.#point(number, false) },
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

  #point(number, scroll = true) {
    this.at = number;
    [...this.list.children].forEach((row, place) => row.classList.toggle("at", place === number));
    const row = this.list.children[number];
    if (row) {
      this.field.setAttribute("aria-activedescendant", row.id);
      if (scroll) row.scrollIntoView({ block: "nearest" });
    } else this.field.removeAttribute("aria-activedescendant");
  }

  /** Whether the key was for the list. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const count = this.entries.length;
    if (event.key === "Escape") this.hide();
    else if (count && event.key === "ArrowDown") this.#point((this.at + 1) % count);
    else if (count && event.key === "ArrowUp") this.#point((this.at + count - 1) % count);
    else if (count && (event.key === "Enter" || event.key === "Tab") && this.at >= 0 && !event.shiftKey) {
      this.chosen(this.entries[this.at]);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
