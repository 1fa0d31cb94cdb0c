// One message, as Discord draws it.
import { avatar } from "./avatar.js";
import { attachment, components } from "./components.js";
import { el, icon } from "./dom.js";
import { openForm } from "./forms.js";
import { markdown } from "./markdown.js";
import { canForward, forward, openMenu } from "./menus.js";
import { state, tell } from "./state.js";
import { whenSent } from "./times.js";
import { act, ask } from "./wire.js";
import { localized, word } from "./words.js";

/** What did not go, by the message on which it was tried. */
export const failures = new Map();

/** The parts of a message; a compact one belongs to the one before it. */
export function parts(message, compact) {
  return [
    message.used && usedLine(message.used),
    !compact && avatar(message.author),
    el("div", { className: "message-body" }, !compact && head(message), content(message), foot(message)),
    tools(message),
  ];
}

function head(message) {
  return el(
    "div",
    { className: "message-head" },
    el("span", { className: "author" }, message.author.name),
    message.author.app && el("span", { className: "app-tag" }, word("page-app")),
    el("time", { className: "when", datetime: message.at }, whenSent(new Date(message.at))),
  );
}

function usedLine(used) {
  return el(
    "div",
    { className: "used" },
    el("strong", {}, used.by),
    ` ${word("page-used")} `,
    el("span", { className: "mention" }, used.slash ? `/${used.name}` : menuName(used.name)),
  );
}

function menuName(name) {
  const command = state.commands.find((each) => each.name === name);
  return command ? localized(command, "name") : name;
}

function content(message) {
  if (message.failed) return el("p", { className: "failed", role: "alert" }, message.failed);
  if (message.loading)
    return el(
      "p",
      { className: "thinking" },
      el("span", { className: "dots", "aria-hidden": "true" }),
      word("page-thinking", { name: message.author.name }),
    );
  return [...message.forwarded.map(snapshot), ...body(message, message), ...attached(message)];
}

function body(part, message) {
  const deed = async (what, fields) => {
    failures.delete(message.id);
    const done = await act(what, { channel: message.channel, message: message.id, ...fields });
    if (done.silent) failures.set(message.id, word("page-silent"));
    else if (done.refused) failures.set(message.id, word("page-refused", { reason: done.refused }));
    else if (done.form) openForm(done.form);
    tell(new Set(["messages"]));
  };
  return [
    part.content && markdown(part.content),
    ...part.embeds.map((each) =>
      el(
        "div",
        { className: "container accented embed" },
        each.title && el("strong", {}, each.title),
        each.description && markdown(each.description),
      ),
    ),
    part.components.length
      ? el(
          "div",
          { className: "components" },
          components(
            part.components,
            part.attachments,
            (custom_id) => deed("press", { custom_id }),
            (custom_id, values) => deed("choose", { custom_id, values }),
          ),
        )
      : null,
  ];
}

/** What is attached and not drawn by a component already. */
function attached(part) {
  const drawn = JSON.stringify(part.components);
  return part.attachments
    .filter((each) => !drawn.includes(`attachment://${each.name}`) && !drawn.includes(`/${each.url.split("/")[1]}/`))
    .map(attachment);
}

function snapshot(part) {
  return el(
    "div",
    { className: "forwarded" },
    el("div", { className: "forwarded-head" }, icon("forward"), word("page-forwarded")),
    body(part, {}),
    attached(part),
    el("div", { className: "forwarded-at" }, whenSent(new Date(part.at))),
  );
}

function foot(message) {
  const failed = failures.get(message.id);
  return [
    message.edited && el("span", { className: "edited" }, word("page-edited")),
    failed && el("p", { className: "failed", role: "alert" }, failed),
    message.ephemeral &&
      el(
        "div",
        { className: "only-you" },
        icon("eye"),
        word("page-only-you"),
        " · ",
        el(
          "button",
          { type: "button", className: "textual", data: { key: "dismiss" }, on: { click: () => dismiss(message) } },
          word("page-dismiss"),
        ),
      ),
  ];
}

function dismiss(message) {
  if (message.after === undefined) return ask("dismiss", { channel: message.channel, message: message.id });
  state.local = state.local.filter((each) => each !== message);
  return tell(new Set(["messages"]));
}

function tools(message) {
  if (message.ephemeral) return null;
  return el(
    "div",
    { className: "tools" },
    canForward(message) &&
      el(
        "button",
        {
          type: "button",
          className: "tool",
          data: { key: "forward" },
          "aria-label": word("page-forward"),
          title: word("page-forward"),
          on: { click: () => forward(message) },
        },
        icon("forward"),
      ),
    el(
      "button",
      {
        type: "button",
        className: "tool",
        data: { key: "more" },
        "aria-label": word("page-more"),
        title: word("page-more"),
        "aria-haspopup": "menu",
        on: { click: (event) => openMenu(message, event.currentTarget) },
      },
      icon("more"),
    ),
  );
}
