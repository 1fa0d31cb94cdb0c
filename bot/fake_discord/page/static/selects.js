// A select of a message: one option acts at once, several when the list is closed.
import { el, icon } from "./dom.js";
import { Picker } from "./picker.js";
import { word } from "./words.js";

export function select(component, choose) {
  const least = component.min_values ?? 1;
  const most = component.max_values ?? 1;
  const several = most > 1;
  const given = component.options.filter((each) => each.default).map((each) => each.value);
  let chosen = new Set(given);
  const face = el("span", { className: "select-face" });
  const label = component.placeholder || word("page-choose");
  const button = el(
    "button",
    {
      type: "button",
      className: "select-button",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-label": label,
      disabled: component.disabled,
      data: { key: component.custom_id },
    },
    face,
    icon("down"),
  );
  const picker = new Picker(button, label, take);
  if (several) picker.list.setAttribute("aria-multiselectable", "true");
  const root = el("div", { className: "select" }, button, picker.box);

  function show() {
    const names = component.options.filter((each) => chosen.has(each.value)).map((each) => each.label);
    face.replaceChildren(names.length ? names.join(", ") : el("span", { className: "placeholder" }, label));
    button.setAttribute("aria-label", names.length ? `${label}: ${names.join(", ")}` : label);
  }

  function open() {
    const entries = component.options.map((each) => ({
      ...each,
      title: each.label,
      about: each.description,
      selected: chosen.has(each.value),
      mark: several
        ? el("span", { className: "tick", "aria-hidden": "true" }, chosen.has(each.value) ? icon("check") : "")
        : null,
    }));
    picker.show(entries, { at: Math.max(0, picker.at), head: several ? done() : null });
    const space = root.getBoundingClientRect();
    picker.box.classList.toggle("above", space.bottom + 260 > innerHeight && space.top > 280);
  }

  function done() {
    const enough = chosen.size >= least && chosen.size <= most;
    return el(
      "button",
      {
        type: "button",
        className: "button small primary",
        disabled: !enough,
        on: { click: send, mousedown: (event) => event.preventDefault() },
      },
      word("page-done", { count: String(chosen.size) }),
    );
  }

  function take(entry) {
    if (!several) {
      chosen = new Set([entry.value]);
      picker.hide();
      show();
      choose([entry.value]);
      return;
    }
    if (chosen.has(entry.value)) chosen.delete(entry.value);
    else if (chosen.size < most) chosen.add(entry.value);
    show();
    open();
  }

  function send() {
    picker.hide();
    choose(component.options.map((each) => each.value).filter((each) => chosen.has(each)));
  }

  function leave() {
    if (!picker.isOpen) return;
    const changed = given.length !== chosen.size || given.some((each) => !chosen.has(each));
    if (several && changed && chosen.size >= least) send();
    else picker.hide();
  }

  button.addEventListener("click", () => (picker.isOpen ? leave() : open()));
  button.addEventListener("keydown", (event) => {
    if (picker.key(event)) return;
    if (!picker.isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      open();
    }
  });
  root.addEventListener("focusout", (event) => {
    if (!root.contains(event.relatedTarget)) leave();
  });
  show();
  return root;
}
