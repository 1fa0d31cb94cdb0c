// Avatars: a letter on a colour, or a bell for a mail bridge.
import { el, icon } from "./dom.js";
import { state } from "./state.js";

export function avatar(author) {
  const letter = [...author.name][0] ?? "?";
  const colour = author.app ? (author.id === state.bot ? "bot" : "mail") : `c${Number(BigInt(author.id) % 5n)}`;
  return el(
    "span",
    { className: `avatar ${colour}`, "aria-hidden": "true" },
    colour === "mail" ? icon("bell") : letter.toUpperCase(),
  );
}

/** The avatar of the bot. */
export function botAvatar() {
  return avatar({ id: state.bot, name: state.users[state.bot] ?? "?", app: true });
}
