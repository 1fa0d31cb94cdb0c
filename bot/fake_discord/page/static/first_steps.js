// The first steps: a button for each; a step is done when its messages are there.
import { advance } from "./clock.js";
import { runCommand } from "./composer.js";
import { el, icon, replaceContent } from "./dom.js";
import { canForward } from "./menus.js";
import { openChannel } from "./sidebar.js";
import { directChannel, messagesIn, state } from "./state.js";
import { requestBot, sendAction } from "./server.js";
import { translate } from "./texts.js";

const guide = document.getElementById("guide");
const AMOUNT = "50000";
let dismissed = false;

const STEPS = [
  { id: "forward", done: () => botWrote((message, last) => Boolean(last?.forwarded?.length)), run: forwardMail },
  {
    id: "remind",
    done: () => botWrote((message, last) => last && message.at > last.at),
    run: () => advance("next"),
    isPossible: () => Boolean(state.clock?.due),
  },
  { id: "status", done: () => hasUsed("status"), run: () => runCommand("status", {}, {}) },
  { id: "fee", done: () => hasUsed("fee"), run: () => runCommand("fee", { amount: AMOUNT }, {}) },
];

/** Whether an unprompted message of the bot `matches`; `last` is the person's message before it. */
function botWrote(matches) {
  let last = null;
  for (const message of messagesIn(directChannel().id)) {
    if (message.author.id === state.me.id) last = message;
    else if (message.unprompted && matches(message, last)) return true;
  }
  return false;
}

function hasUsed(name) {
  return [...state.messages.values()].some(
    (message) => message.used?.name === name && message.used.by === state.me.name,
  );
}

async function forwardMail() {
  const channel = state.channels.find((other) => !other.dm);
  const last = messagesIn(channel.id).findLast(canForward);
  const mail = last?.id ?? (await sendAction("post_mail", { channel: channel.id })).message;
  await requestBot("forward", { channel: channel.id, message: mail });
}

export function draw() {
  if (!state.me || !directChannel()) return;
  guide.hidden = dismissed;
  const done = STEPS.map((step) => step.done());
  const next = done.indexOf(false);
  const finished = next < 0;
  guide.classList.toggle("finished", finished);
  replaceContent(
    guide,
    el(
      "div",
      { className: "guide-head" },
      el("h2", {}, translate(finished ? "page-guide-done" : "page-guide")),
      el(
        "button",
        {
          type: "button",
          className: "tool",
          "aria-label": translate("page-guide-close"),
          title: translate("page-guide-close"),
          on: { click: close },
        },
        icon("close"),
      ),
    ),
    el(
      "ol",
      { className: "steps" },
      STEPS.map((step, number) =>
        el(
          "li",
          { className: `step ${done[number] ? "done" : ""} ${number === next ? "next" : ""}` },
          el(
            "button",
            {
              type: "button",
              data: { key: `step-${step.id}`, step: step.id },
              disabled: step.isPossible && !step.isPossible() && !done[number],
              title: translate(`page-step-${step.id}-about`),
              on: { click: () => start(step) },
            },
            el(
              "span",
              { className: "step-mark", "aria-hidden": "true" },
              done[number] ? icon("check") : String(number + 1),
            ),
            el(
              "span",
              { className: "step-name" },
              translate(`page-step-${step.id}`),
              done[number] && el("span", { className: "unseen" }, ` (${translate("page-step-done")})`),
            ),
          ),
        ),
      ),
    ),
    el(
      "p",
      { className: "guide-about" },
      finished ? translate("page-guide-more") : translate(`page-step-${STEPS[next].id}-about`),
    ),
  );
}

async function start(step) {
  if (state.open !== directChannel().id) openChannel(directChannel().id);
  await step.run();
}

function close() {
  dismissed = true;
  draw();
  document.getElementById("line").focus();
}
