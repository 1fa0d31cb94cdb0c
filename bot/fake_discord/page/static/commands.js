// The bot's slash commands, flat: "job add" is one.
import { state } from "./state.js";
import { localized } from "./words.js";

const SLASH = 1;
const SUBCOMMAND = 1;

export function commands() {
  return state.commands
    .filter((each) => (each.type ?? SLASH) === SLASH)
    .flatMap((each) => {
      const subs = (each.options ?? []).filter((option) => option.type === SUBCOMMAND);
      return subs.length ? subs.map((sub) => told(sub, `${each.name} ${sub.name}`)) : [told(each, each.name)];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function told(command, name) {
  return { name, about: localized(command, "description"), options: command.options ?? [] };
}

/** The command that a text begins with, and what is left of the text. */
export function begun(text) {
  const found = commands()
    .filter((each) => text.startsWith(`/${each.name} `) || text === `/${each.name}`)
    .sort((one, other) => other.name.length - one.name.length)[0];
  return found ? { command: found, rest: text.slice(found.name.length + 1).trim() } : null;
}

/** "amount:50000 tax:…" by option; what bears no name belongs to the first one. */
export function written(command, rest) {
  const given = {};
  const names = new Map(
    command.options.flatMap((each) => [
      [each.name, each.name],
      [localized(each, "name"), each.name],
    ]),
  );
  let name = command.options[0]?.name;
  for (const piece of rest.split(/\s+/)) {
    const [before, ...after] = piece.split(":");
    const named = after.length > 0 && names.get(before);
    if (named) name = named;
    const value = named ? after.join(":") : piece;
    if (name && value) given[name] = given[name] ? `${given[name]} ${value}` : value;
  }
  return given;
}
