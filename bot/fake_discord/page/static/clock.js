// The rehearsal's clock: it stands until it is moved.
import { el, fill, icon } from "./dom.js";
import { now, state } from "./state.js";
import { clockFace, tick } from "./times.js";
import { act } from "./wire.js";
import { word } from "./words.js";

const clock = document.getElementById("clock");
const announce = document.getElementById("announce");
const LEAPS = [
  [10, "page-leap-10m"],
  [60, "page-leap-1h"],
  [360, "page-leap-6h"],
];
let moving = false;

export async function move(by) {
  if (moving) return null;
  moving = true;
  draw();
  const done = await act("move", { by });
  moving = false;
  draw();
  announce.textContent = done.moved ? word("page-clock-now", { at: clockFace(now()) }) : word("page-no-reminder");
  return done;
}

export function draw() {
  if (!state.clock) return;
  const due = state.clock.due && new Date(state.clock.due);
  const next = due ? word("page-next-at", { at: clockFace(due) }) : word("page-no-reminder");
  const leap = (by, name, title) =>
    el(
      "button",
      {
        type: "button",
        className: "leap",
        disabled: moving || (by === "next" && !due),
        title,
        data: { key: `leap-${by}` },
        on: { click: () => move(by) },
      },
      name,
    );
  fill(
    clock,
    el(
      "div",
      { className: "face" },
      icon("clock"),
      el("time", { datetime: state.clock.now, title: word("page-clock") }, clockFace(now())),
    ),
    el(
      "div",
      { className: "leaps", role: "group", "aria-label": word("page-clock") },
      LEAPS.map(([by, name]) => leap(by, word(name))),
      leap("next", [icon("bell"), word("page-leap-next")], next),
    ),
  );
  tick();
  document.documentElement.dataset.moving = String(moving);
}
