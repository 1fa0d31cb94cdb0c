// The clock, which stands still until it is advanced.
import { el, icon, replaceContent } from "./dom.js";
import { now, state } from "./state.js";
import { formatClock, refreshTimes } from "./times.js";
import { sendAction } from "./server.js";
import { translate } from "./texts.js";

const clock = document.getElementById("clock");
const announce = document.getElementById("announce");
const STEPS = [
  [10, "page-leap-10m"],
  [60, "page-leap-1h"],
  [360, "page-leap-6h"],
];
let advancing = false;

export async function advance(minutes) {
  if (advancing) return null;
  advancing = true;
  draw();
  const result = await sendAction("advance_clock", { minutes });
  advancing = false;
  draw();
  announce.textContent = result.advanced
    ? translate("page-clock-now", { at: formatClock(now()) })
    : translate("page-no-reminder");
  return result;
}

export function draw() {
  if (!state.clock) return;
  const due = state.clock.due && new Date(state.clock.due);
  const next = due ? translate("page-next-at", { at: formatClock(due) }) : translate("page-no-reminder");
  const stepButton = (minutes, name, title) =>
    el(
      "button",
      {
        type: "button",
        className: "leap",
        disabled: advancing || (minutes === "next" && !due),
        title,
        data: { key: `leap-${minutes}` },
        on: { click: () => advance(minutes) },
      },
      name,
    );
  replaceContent(
    clock,
    el(
      "div",
      { className: "face" },
      icon("clock"),
      el("time", { datetime: state.clock.now, title: translate("page-clock") }, formatClock(now())),
    ),
    el(
      "div",
      { className: "leaps", role: "group", "aria-label": translate("page-clock") },
      STEPS.map(([minutes, name]) => stepButton(minutes, translate(name))),
      stepButton("next", [icon("bell"), translate("page-leap-next")], next),
    ),
  );
  refreshTimes();
  document.documentElement.dataset.advancing = String(advancing);
}
