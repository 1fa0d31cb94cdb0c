// A form that the bot opened. <dialog> keeps the focus in it and closes with Escape.
import { el, fresh } from "./dom.js";
import { markdown } from "./markdown.js";
import { act } from "./wire.js";
import { word } from "./words.js";

const LABEL = 18;
const SELECT = 3;
const PARAGRAPH = 2;

export function openForm(form) {
  const title = fresh("title");
  const fields = form.components.map(part);
  const inputs = fields.filter((each) => each.read);
  const fault = el("p", { className: "failed", role: "alert", hidden: true });
  const send = el("button", { type: "submit", className: "button primary" }, word("page-submit"));
  const cancel = el(
    "button",
    { type: "button", className: "button plain", on: { click: () => dialog.close() } },
    word("page-cancel"),
  );
  const sheet = el(
    "form",
    { method: "dialog", novalidate: true, className: "form" },
    el("h2", { id: title }, form.title),
    fields.map((each) => each.node),
    fault,
    el("div", { className: "form-foot" }, cancel, send),
  );
  const dialog = el("dialog", { className: "dialog", "aria-labelledby": title }, sheet);
  sheet.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = inputs.map((each) => each.check()).filter(Boolean);
    if (wrong.length) return wrong[0].focus();
    send.disabled = true;
    const done = await act("fill", { form: form.id, written: inputs.map((each) => each.read()) });
    send.disabled = false;
    if (!done.silent && !done.refused) return dialog.close();
    fault.textContent = done.silent ? word("page-silent") : word("page-refused", { reason: done.refused });
    fault.hidden = false;
    return undefined;
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    document.querySelector(`[data-key="${CSS.escape(before ?? "")}"]`)?.focus({ preventScroll: true });
  });
  const before = document.activeElement?.dataset?.key;
  document.body.append(dialog);
  dialog.showModal();
  inputs[0]?.focus();
}

function part(each) {
  if (each.type === LABEL) return labelled(each);
  return { node: each.content ? markdown(each.content) : el("div") };
}

function labelled({ label, description, component }) {
  const id = fresh("field");
  const about = description ? fresh("about") : null;
  const wrong = fresh("wrong");
  const required = component.required !== false;
  const made = component.type === SELECT ? options(component, id) : line(component, id);
  made.input.setAttribute("aria-describedby", [about, wrong].filter(Boolean).join(" "));
  if (required) made.input.setAttribute("aria-required", "true");
  const fault = el("p", { id: wrong, className: "failed", "aria-live": "polite" });
  const node = el(
    "div",
    { className: "field" },
    el("label", { for: id }, label, required ? el("span", { className: "needed", "aria-hidden": "true" }, " *") : null),
    about && el("p", { id: about, className: "field-about" }, description),
    made.node,
    fault,
  );
  const check = () => {
    const reason = made.wrong(required);
    fault.textContent = reason ?? "";
    made.input.setAttribute("aria-invalid", String(Boolean(reason)));
    return reason ? made.input : null;
  };
  return { node, check, read: made.read, focus: () => made.input.focus() };
}

function line(component, id) {
  const long = component.style === PARAGRAPH;
  const most = component.max_length ?? 4000;
  const least = component.min_length ?? 0;
  const input = el(long ? "textarea" : "input", {
    id,
    type: long ? null : "text",
    maxlength: most,
    placeholder: component.placeholder,
    rows: long ? 4 : null,
    autocomplete: "off",
  });
  input.value = component.value ?? "";
  const wrong = (required) => {
    const count = [...input.value].length;
    if (required && !input.value.trim()) return word("page-field-required");
    if (input.value && count < least) return word("page-field-short", { least: String(least) });
    return count > most ? word("page-field-long", { most: String(most) }) : null;
  };
  return { node: input, input, wrong, read: () => input.value };
}

function options(component, id) {
  const several = (component.max_values ?? 1) > 1;
  const input = el(
    "select",
    { id, multiple: several, size: several ? Math.min(6, component.options.length) : null },
    !several && el("option", { value: "" }, component.placeholder ?? word("page-choose")),
    component.options.map((each) => el("option", { value: each.value, selected: each.default }, each.label)),
  );
  const read = () => [...input.selectedOptions].map((each) => each.value).filter(Boolean);
  const wrong = (required) => {
    const count = read().length;
    if (required && !count) return word("page-field-required");
    const within = count <= (component.max_values ?? 1) && (!count || count >= (component.min_values ?? 1));
    return within
      ? null
      : word("page-field-count", { least: String(component.min_values ?? 1), most: String(component.max_values ?? 1) });
  };
  return { node: input, input, wrong, read };
}
