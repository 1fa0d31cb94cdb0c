// A form (modal) that the bot opened. <dialog> keeps the focus inside and closes with Escape.
import { el, uniqueId } from "./dom.js";
import { markdown } from "./markdown.js";
import { sendAction } from "./server.js";
import { translate } from "./texts.js";

const LABEL = 18;
const SELECT = 3;
const PARAGRAPH = 2;

export function openForm(form) {
  const title = uniqueId("title");
  const fields = form.components.map(buildPart);
  const inputs = fields.filter((each) => each.read);
  const error = el("p", { className: "failed", role: "alert", hidden: true });
  const send = el("button", { type: "submit", className: "button primary" }, translate("page-submit"));
  const cancel = el(
    "button",
    { type: "button", className: "button plain", on: { click: () => dialog.close() } },
    translate("page-cancel"),
  );
  const formElement = el(
    "form",
    { method: "dialog", novalidate: true, className: "form" },
    el("h2", { id: title }, form.title),
    fields.map((each) => each.node),
    error,
    el("div", { className: "form-foot" }, cancel, send),
  );
  const dialog = el("dialog", { className: "dialog", "aria-labelledby": title }, formElement);
  formElement.addEventListener("submit", async (event) => {
    event.preventDefault();
    const invalid = inputs.map((each) => each.check()).filter(Boolean);
    if (invalid.length) return invalid[0].focus();
    send.disabled = true;
    const result = await sendAction("submit_form", { form: form.id, values: inputs.map((each) => each.read()) });
    send.disabled = false;
    if (!result.timed_out && !result.refused) return dialog.close();
    error.textContent = result.timed_out
      ? translate("page-silent")
      : translate("page-refused", { reason: result.refused });
    error.hidden = false;
    return undefined;
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    document.querySelector(`[data-key="${CSS.escape(focusedKey ?? "")}"]`)?.focus({ preventScroll: true });
  });
  const focusedKey = document.activeElement?.dataset?.key;
  document.body.append(dialog);
  dialog.showModal();
  inputs[0]?.focus();
}

function buildPart(component) {
  if (component.type === LABEL) return buildField(component);
  return { node: component.content ? markdown(component.content) : el("div") };
}

function buildField({ label, description, component }) {
  const id = uniqueId("field");
  const about = description ? uniqueId("about") : null;
  const errorId = uniqueId("wrong");
  const required = component.required !== false;
  const control = component.type === SELECT ? buildSelect(component, id) : buildTextInput(component, id);
  control.input.setAttribute("aria-describedby", [about, errorId].filter(Boolean).join(" "));
  if (required) control.input.setAttribute("aria-required", "true");
  const error = el("p", { id: errorId, className: "failed", "aria-live": "polite" });
  const node = el(
    "div",
    { className: "field" },
    el("label", { for: id }, label, required ? el("span", { className: "needed", "aria-hidden": "true" }, " *") : null),
    about && el("p", { id: about, className: "field-about" }, description),
    control.node,
    error,
  );
  const check = () => {
    const reason = control.findError(required);
    error.textContent = reason ?? "";
    control.input.setAttribute("aria-invalid", String(Boolean(reason)));
    return reason ? control.input : null;
  };
  return { node, check, read: control.read, focus: () => control.input.focus() };
}

function buildTextInput(component, id) {
  const long = component.style === PARAGRAPH;
  const maximum = component.max_length ?? 4000;
  const minimum = component.min_length ?? 0;
  const input = el(long ? "textarea" : "input", {
    id,
    type: long ? null : "text",
    maxlength: maximum,
    placeholder: component.placeholder,
    rows: long ? 4 : null,
    autocomplete: "off",
  });
  input.value = component.value ?? "";
  const findError = (required) => {
    const count = [...input.value].length;
    if (required && !input.value.trim()) return translate("page-field-required");
    if (input.value && count < minimum) return translate("page-field-short", { least: String(minimum) });
    return count > maximum ? translate("page-field-long", { most: String(maximum) }) : null;
  };
  return { node: input, input, findError, read: () => input.value };
}

function buildSelect(component, id) {
  const several = (component.max_values ?? 1) > 1;
  const input = el(
    "select",
    { id, multiple: several, size: several ? Math.min(6, component.options.length) : null },
    !several && el("option", { value: "" }, component.placeholder ?? translate("page-choose")),
    component.options.map((each) => el("option", { value: each.value, selected: each.default }, each.label)),
  );
  const read = () => [...input.selectedOptions].map((each) => each.value).filter(Boolean);
  const findError = (required) => {
    const count = read().length;
    if (required && !count) return translate("page-field-required");
    const within = count <= (component.max_values ?? 1) && (!count || count >= (component.min_values ?? 1));
    return within
      ? null
      : translate("page-field-count", {
          least: String(component.min_values ?? 1),
          most: String(component.max_values ?? 1),
        });
  };
  return { node: input, input, findError, read };
}
