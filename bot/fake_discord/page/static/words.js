// The page's own sentences, in the language of whoever is using it.
import { state } from "./state.js";

export function locale() {
  return state.me?.locale === "ja" ? "ja" : "en";
}

export function word(id, given = {}) {
  const text = state.words[locale()]?.[id] ?? id;
  return text.replace(/\{\$([\w-]+)\}/g, (_, name) => given[name] ?? "");
}

/** One of Discord's localized fields: of a command, an option or a choice. */
export function localized(named, field) {
  const others = named[`${field}_localizations`] ?? {};
  return others[state.me?.locale] ?? named[field];
}
