// An option of a command: its pill, its allowed values, and how its value is sent.
import { el, uniqueId } from "./dom.js";
import { state } from "./state.js";
import { localized, translate } from "./texts.js";

export const STRING = 3;
const INTEGER = 4;
const BOOLEAN = 5;
const CHANNEL = 7;
const NUMBER = 10;
export const FILE = 11;
const MAX_LENGTH = 6000;

/** A pill: its `node`, its `input`, and the `value` for the text in the input. */
export function makePill(option, value) {
  const id = uniqueId("option-field");
  const name = localized(option, "name");
  const attributes = {
    id,
    className: "pill-input",
    "aria-label": `${name}: ${localized(option, "description")}`,
    "aria-required": option.required ? "true" : null,
  };
  const isFile = option.type === FILE;
  const input = isFile ? el("input", { ...attributes, type: "file" }) : textInput(option, attributes);
  const filled = () => (isFile ? input.files.length > 0 : input.value.trim() !== "");
  const node = el("span", { className: "pill" }, el("label", { for: id }, name), input);
  const pill = { option, value, input, node, filled };
  const choice = allowedValues(option).find((each) => each.value === value || each.title === value);
  if (!isFile) setValue(pill, choice ?? { value, title: value });
  return pill;
}

function textInput(option, attributes) {
  return el("input", {
    ...attributes,
    type: "text",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    inputmode: option.type === INTEGER ? "numeric" : null,
    maxlength: option.type === STRING ? (option.max_length ?? MAX_LENGTH) : null,
  });
}

export function setValue(pill, entry) {
  pill.value = entry.value;
  pill.input.value = entry.title;
  fitWidth(pill.input);
}

/** Whether Discord's app would refuse the value; the typed title of a choice becomes its value. */
export function isInvalid(pill) {
  const { option } = pill;
  if (!pill.filled()) return true;
  if (option.choices?.length || option.type === BOOLEAN || option.type === CHANNEL) {
    const choice = allowedValues(option).find(
      (each) => each.value === pill.value || each.title === pill.input.value.trim(),
    );
    pill.value = choice?.value;
    return !choice;
  }
  const number = Number(pill.value);
  if (option.type === NUMBER) return Number.isNaN(number);
  const within = number >= (option.min_value ?? number) && number <= (option.max_value ?? number);
  return option.type === INTEGER && !(Number.isInteger(number) && within);
}

/** The value as it is sent to the server. */
export function serialize({ option, value }) {
  switch (option.type) {
    case FILE:
      return { file: option.name };
    case CHANNEL:
      return { channel: value };
    case INTEGER:
    case NUMBER:
      return Number(value);
    case BOOLEAN:
      return value === "true";
    default:
      return value;
  }
}

/** The description of an option. */
export function hint(title, about, required) {
  return el(
    "div",
    { className: "hint" },
    el("strong", {}, title),
    about && el("span", {}, about),
    required && el("span", { className: "hint-needed" }, translate("page-required")),
  );
}

/** Make an input as wide as its text. */
export function fitWidth(input) {
  if (input.type === "file") return;
  const columns = [...input.value].reduce((sum, each) => sum + (each.codePointAt(0) > 0x2e80 ? 2 : 1), 0);
  input.style.width = `calc(${Math.max(4, columns)}ch + 20px)`;
}

/** The values to which an option is limited. */
export function allowedValues(option) {
  if (option.type === BOOLEAN)
    return ["true", "false"].map((value) => ({
      value,
      title: value === "true" ? translate("page-true") : translate("page-false"),
    }));
  if (option.type === CHANNEL)
    return state.channels.filter((each) => !each.dm).map((each) => ({ value: each.id, title: `#${each.name}` }));
  return (option.choices ?? []).map((each) => ({ value: each.value, title: localized(each, "name") }));
}
