// The bot's slash commands; one of a group has both names: "job add".
import { state } from "./state.js";
import { localized } from "./texts.js";

const SLASH = 1;
const SUBCOMMAND = 1;

export function commands() {
  return state.commands
    .filter((each) => (each.type ?? SLASH) === SLASH)
    .flatMap((each) => {
      const subcommands = (each.options ?? []).filter((option) => option.type === SUBCOMMAND);
      return subcommands.length
        ? subcommands.map((sub) => describe(sub, `${each.name} ${sub.name}`))
        : [describe(each, each.name)];
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function describe(command, name) {
  return { name, about: localized(command, "description"), options: command.options ?? [] };
}

/** The command with which a text begins, and the rest of the text. */
export function parseCommand(text) {
  const command = commands()
    .filter((each) => text.startsWith(`/${each.name} `) || text === `/${each.name}`)
    .sort((one, other) => other.name.length - one.name.length)[0];
  return command ? { command, rest: text.slice(command.name.length + 1).trim() } : null;
}

/** "amount:50000 tax:…" as values by option; a value without a name is that of the first option. */
export function parseOptions(command, rest) {
  const values = {};
  const names = new Map(
    command.options.flatMap((each) => [
      [each.name, each.name],
      [localized(each, "name"), each.name],
    ]),
  );
  let name = command.options[0]?.name;
  for (const piece of rest.split(/\s+/)) {
    const [label, ...parts] = piece.split(":");
    const optionName = parts.length > 0 && names.get(label);
    if (optionName) name = optionName;
    const value = optionName ? parts.join(":") : piece;
    if (name && value) values[name] = values[name] ? `${values[name]} ${value}` : value;
  }
  return values;
}
