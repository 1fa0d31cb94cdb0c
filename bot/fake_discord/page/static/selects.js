// A select of a message: one option is sent at once, several when the list is closed.
import { el, icon } from "./dom.js";
import { Picker } from "./picker.js";
import { translate } from "./texts.js";

export function select(component, onSelect) {
  const minimum = component.min_values ?? 1;
  const maximum = component.max_values ?? 1;
  const several = maximum > 1;
  const defaults = component.options.filter((each) => each.default).map((each) => each.value);
  let chosen = new Set(defaults);
  const content = el("span", { className: "select-face" });
  const label = component.placeholder || translate("page-choose");
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
    content,
    icon("down"),
  );
  const picker = new Picker(button, label, choose);
  if (several) picker.list.setAttribute("aria-multiselectable", "true");
  const root = el("div", { className: "select" }, button, picker.box);

  function drawChoice() {
    const names = component.options.filter((each) => chosen.has(each.value)).map((each) => each.label);
    content.replaceChildren(names.length ? names.join(", ") : el("span", { className: "placeholder" }, label));
    button.setAttribute("aria-label", names.length ? `${label}: ${names.join(", ")}` : label);
  }

  function openList() {
    const entries = component.options.map((each) => ({
      ...each,
      title: each.label,
      about: each.description,
      selected: chosen.has(each.value),
      mark: several
        ? el("span", { className: "tick", "aria-hidden": "true" }, chosen.has(each.value) ? icon("check") : "")
        : null,
    }));
    picker.show(entries, { at: Math.max(0, picker.index), head: several ? doneButton() : null });
    const space = root.getBoundingClientRect();
    const log = document.getElementById("log").getBoundingClientRect();
    const height = picker.box.offsetHeight;
    picker.box.classList.toggle("above", space.bottom + height > log.bottom && space.top - height > log.top);
  }

  function doneButton() {
    const isValid = chosen.size >= minimum && chosen.size <= maximum;
    return el(
      "button",
      {
        type: "button",
        className: "button small primary",
        disabled: !isValid,
        on: { click: send, mousedown: (event) => event.preventDefault() },
      },
      translate("page-done", { count: String(chosen.size) }),
    );
  }

  function choose(entry) {
    if (!several) {
      chosen = new Set([entry.value]);
      picker.hide();
      drawChoice();
      onSelect([entry.value]);
      return;
    }
    if (chosen.has(entry.value)) chosen.delete(entry.value);
    else if (chosen.size < maximum) chosen.add(entry.value);
    drawChoice();
    openList();
  }

  function send() {
    picker.hide();
    onSelect(component.options.map((each) => each.value).filter((each) => chosen.has(each)));
  }

  function closeList() {
    if (!picker.isOpen) return;
    const changed = defaults.length !== chosen.size || defaults.some((each) => !chosen.has(each));
    if (several && changed && chosen.size >= minimum) send();
    else picker.hide();
  }

  button.addEventListener("click", () => (picker.isOpen ? closeList() : openList()));
  button.addEventListener("keydown", (event) => {
    if (picker.handleKey(event)) return;
    if (!picker.isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      openList();
    }
  });
  root.addEventListener("focusout", (event) => {
    if (!root.contains(event.relatedTarget)) closeList();
  });
  drawChoice();
  return root;
}
