// The page's own texts, in the language of the person.
import { state } from "./state.js";

export function locale() {
  return state.me?.locale === "ja" ? "ja" : "en";
}

export function translate(id, values = {}) {
  const text = state.texts[locale()]?.[id] ?? id;
  return text.replace(/\{\$([\w-]+)\}/g, (_, name) => values[name] ?? "");
}

/** A localized field of a command, an option or a choice. */
export function localized(definition, field) {
  const translations = definition[`${field}_localizations`] ?? {};
  return translations[state.me?.locale] ?? definition[field];
}
