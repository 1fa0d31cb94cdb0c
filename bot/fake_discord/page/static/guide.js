// The first steps: one button each, ticked off by what is there.
import { move } from "./clock.js";
import { use } from "./composer.js";
import { el, fill, icon } from "./dom.js";
import { canForward } from "./menus.js";
import { go } from "./sidebar.js";
import { direct, messagesIn, state } from "./state.js";
import { act, ask } from "./wire.js";
import { word } from "./words.js";

const guide = document.getElementById("guide");
const AMOUNT = "50000";
let dismissed = false;

const STEPS = [
  { id: "forward", done: () => fromBot((message, heard) => heard && message.at === heard.at), act: forwardOne },
  {
    id: "remind",
    done: () => fromBot((message, heard) => heard && message.at > heard.at),
    act: () => move("next"),
    can: () => Boolean(state.clock?.due),
  },
  { id: "status", done: () => used("status"), act: () => use("status", {}, {}) },
  { id: "fee", done: () => used("fee"), act: () => use("fee", { amount: AMOUNT }, {}) },
];

/** Whether the bot wrote, by itself, something that `is` — seen beside what the person wrote last. */
function fromBot(is) {
  let heard = null;
  for (const message of messagesIn(direct().id)) {
    if (message.author.id === state.me.id) heard = message;
    else if (message.by_itself && is(message, heard)) return true;
  }
  return false;
}

function used(name) {
  return [...state.messages.values()].some(
    (message) => message.used?.name === name && message.used.by === state.me.name,
  );
}

async function forwardOne() {
  const channel = state.channels.find((each) => !each.dm);
  const last = messagesIn(channel.id).findLast(canForward);
  const posted = last?.id ?? (await act("notify", { channel: channel.id })).message;
  await ask("forward", { channel: channel.id, message: posted });
}

export function draw() {
  if (!state.me || !direct()) return;
  guide.hidden = dismissed;
  const done = STEPS.map((step) => step.done());
  const next = done.indexOf(false);
  const finished = next < 0;
  guide.classList.toggle("finished", finished);
  fill(
    guide,
    el(
      "div",
      { className: "guide-head" },
      el("h2", {}, word(finished ? "page-guide-done" : "page-guide")),
      el(
        "button",
        {
          type: "button",
          className: "tool",
          "aria-label": word("page-guide-close"),
          title: word("page-guide-close"),
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
              disabled: step.can && !step.can() && !done[number],
              title: word(`page-step-${step.id}-about`),
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
              word(`page-step-${step.id}`),
              done[number] && el("span", { className: "unseen" }, ` (${word("page-step-done")})`),
            ),
          ),
        ),
      ),
    ),
    el(
      "p",
      { className: "guide-about" },
      finished ? word("page-guide-more") : word(`page-step-${STEPS[next].id}-about`),
    ),
  );
}

async function start(step) {
  if (state.open !== direct().id) go(direct().id);
  await step.act();
}

function close() {
  dismissed = true;
  draw();
  document.getElementById("line").focus();
}
