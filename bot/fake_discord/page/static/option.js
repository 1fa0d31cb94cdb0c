// One option of a command: its pill, what it is limited to, and how it is sent.
import { el, fresh } from "./dom.js";
import { state } from "./state.js";
import { localized, word } from "./words.js";

export const STRING = 3;
const INTEGER = 4;
const BOOLEAN = 5;
const CHANNEL = 7;
const NUMBER = 10;
export const FILE = 11;
const LONGEST = 6000;

/** A pill: its `node`, its `input`, and the `value` behind what is read there. */
export function makePill(option, value) {
  const id = fresh("option-field");
  const name = localized(option, "name");
  const shared = {
    id,
    className: "pill-input",
    "aria-label": `${name}: ${localized(option, "description")}`,
    "aria-required": option.required ? "true" : null,
  };
  const isFile = option.type === FILE;
  const input = isFile ? el("input", { ...shared, type: "file" }) : textInput(option, shared);
  const filled = () => (isFile ? input.files.length > 0 : input.value.trim() !== "");
  const node = el("span", { className: "pill" }, el("label", { for: id }, name), input);
  const pill = { option, value, input, node, filled };
  const named = closed(option).find((each) => each.value === value || each.title === value);
  if (!isFile) choose(pill, named ?? { value, title: value });
  return pill;
}

function textInput(option, shared) {
  return el("input", {
    ...shared,
    type: "text",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    inputmode: option.type === INTEGER ? "numeric" : null,
    maxlength: option.type === STRING ? (option.max_length ?? LONGEST) : null,
  });
}

export function choose(pill, entry) {
  pill.value = entry.value;
  pill.input.value = entry.title;
  fit(pill.input);
}

/** Whether Discord's app would not send it; what was typed as a choice becomes its value. */
export function isWrong(pill) {
  const { option } = pill;
  if (!pill.filled()) return true;
  if (option.choices?.length || option.type === BOOLEAN || option.type === CHANNEL) {
    const named = closed(option).find((each) => each.value === pill.value || each.title === pill.input.value.trim());
    pill.value = named?.value;
    return !named;
  }
  const number = Number(pill.value);
  if (option.type === NUMBER) return Number.isNaN(number);
  const within = number >= (option.min_value ?? number) && number <= (option.max_value ?? number);
  return option.type === INTEGER && !(Number.isInteger(number) && within);
}

/** As it goes to the server. */
export function sent({ option, value }) {
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

/** What an option is for. */
export function hint(title, about, required) {
  return el(
    "div",
    { className: "hint" },
    el("strong", {}, title),
    about && el("span", {}, about),
    required && el("span", { className: "hint-needed" }, word("page-required")),
  );
}

/** As wide as what stands in it. */
export function fit(input) {
  if (input.type === "file") return;
  const columns = [...input.value].reduce((sum, each) => sum + (each.codePointAt(0) > 0x2e80 ? 2 : 1), 0);
  input.style.width = `calc(${Math.max(4, columns)}ch + 20px)`;
}

/** The values that an option is limited to. */
export function closed(option) {
  if (option.type === BOOLEAN)
    return ["true", "false"].map((value) => ({
      value,
      title: value === "true" ? word("page-true") : word("page-false"),
    }));
  if (option.type === CHANNEL)
    return state.channels.filter((each) => !each.dm).map((each) => ({ value: each.id, title: `#${each.name}` }));
  return (option.choices ?? []).map((each) => ({ value: each.value, title: localized(each, "name") }));
}
