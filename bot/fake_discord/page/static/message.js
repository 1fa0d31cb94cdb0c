// A message, as Discord shows it.
import { avatar } from "./avatar.js";
import { attachment, components } from "./components.js";
import { el, icon } from "./dom.js";
import { openForm } from "./forms.js";
import { markdown } from "./markdown.js";
import { canForward, forward, openMenu } from "./menus.js";
import { notifyListeners, state } from "./state.js";
import { formatSentAt } from "./times.js";
import { requestBot, sendAction } from "./server.js";
import { localized, translate } from "./texts.js";

/** Texts of failed actions, by the id of the message. */
export const failures = new Map();

/** The parts of a message; a compact one follows another of the same author and has no head. */
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
    message.author.app && el("span", { className: "app-tag" }, translate("page-app")),
    el("time", { className: "when", datetime: message.at }, formatSentAt(new Date(message.at))),
  );
}

function usedLine(used) {
  return el(
    "div",
    { className: "used" },
    el("strong", {}, used.by),
    ` ${translate("page-used")} `,
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
      translate("page-thinking", { name: message.author.name }),
    );
  return [...message.forwarded.map(snapshot), ...body(message, message), ...attached(message)];
}

function body(part, message) {
  const runAction = async (action, fields) => {
    failures.delete(message.id);
    const result = await sendAction(action, { channel: message.channel, message: message.id, ...fields });
    if (result.timed_out) failures.set(message.id, translate("page-silent"));
    else if (result.refused) failures.set(message.id, translate("page-refused", { reason: result.refused }));
    else if (result.form) openForm(result.form);
    notifyListeners(new Set(["messages"]));
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
            (custom_id) => runAction("click", { custom_id }),
            (custom_id, values) => runAction("select", { custom_id, values }),
          ),
        )
      : null,
  ];
}

/** The attached files that no component shows. */
function attached(part) {
  const source = JSON.stringify(part.components);
  return part.attachments
    .filter((each) => !source.includes(`attachment://${each.name}`) && !source.includes(`/${each.url.split("/")[1]}/`))
    .map(attachment);
}

function snapshot(part) {
  return el(
    "div",
    { className: "forwarded" },
    el("div", { className: "forwarded-head" }, icon("forward"), translate("page-forwarded")),
    body(part, {}),
    attached(part),
    el("div", { className: "forwarded-at" }, formatSentAt(new Date(part.at))),
  );
}

function foot(message) {
  const failed = failures.get(message.id);
  return [
    message.edited && el("span", { className: "edited" }, translate("page-edited")),
    failed && el("p", { className: "failed", role: "alert" }, failed),
    message.ephemeral &&
      el(
        "div",
        { className: "only-you" },
        icon("eye"),
        translate("page-only-you"),
        " · ",
        el(
          "button",
          { type: "button", className: "textual", data: { key: "dismiss" }, on: { click: () => dismiss(message) } },
          translate("page-dismiss"),
        ),
      ),
  ];
}

function dismiss(message) {
  if (message.after === undefined) return requestBot("dismiss", { channel: message.channel, message: message.id });
  state.local = state.local.filter((each) => each !== message);
  return notifyListeners(new Set(["messages"]));
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
          "aria-label": translate("page-forward"),
          title: translate("page-forward"),
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
        "aria-label": translate("page-more"),
        title: translate("page-more"),
        "aria-haspopup": "menu",
        on: { click: (event) => openMenu(message, event.currentTarget) },
      },
      icon("more"),
    ),
  );
}
