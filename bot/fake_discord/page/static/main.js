// Puts the parts together: who draws what when something changes.
import * as clock from "./clock.js";
import * as composer from "./composer.js";
import { el, fill, icon } from "./dom.js";
import * as guide from "./guide.js";
import * as messages from "./messages.js";
import * as sidebar from "./sidebar.js";
import { current, direct, markRead, onChange, state } from "./state.js";
import { act, sitDown } from "./wire.js";
import { locale, word } from "./words.js";

const notify = document.getElementById("notify");
const lost = document.getElementById("lost");

onChange((changed) => {
  if (changed.has("people") && !state.me) return;
  if (!current() && direct()) state.open = direct().id;
  if (!state.me || !current()) return;
  if (changed.has("me")) speak();
  sidebar.draw();
  if (changed.has("clock") || changed.has("me")) clock.draw();
  if (!changed.has("clock") || changed.size > 1) guide.draw();
  messages.draw();
  if (changed.has("me") || changed.has("open")) composer.label();
  notify.hidden = current().dm;
  lost.hidden = !state.lost;
  lost.textContent = word("page-lost");
});

/** The words that stand still. */
function speak() {
  document.documentElement.lang = locale();
  for (const each of document.querySelectorAll("[data-word]")) each.textContent = word(each.dataset.word);
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", word(each.dataset.label));
    each.title = word(each.dataset.label);
  }
  fill(notify, icon("bell"), el("span", {}, word("page-notify")));
}

notify.addEventListener("click", () => act("notify", { channel: current().id }));
document.addEventListener("go", (event) => sidebar.go(event.detail));
document.addEventListener("use-command", (event) => composer.beginNamed(event.detail));
document.addEventListener("show-picture", ({ detail }) => {
  const dialog = el(
    "dialog",
    { className: "lightbox", "aria-label": detail.description },
    el(
      "button",
      {
        type: "button",
        className: "lightbox-close",
        "aria-label": word("page-close"),
        on: { click: () => dialog.close() },
      },
      icon("close"),
    ),
    el("img", { src: detail.url, alt: detail.description }),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
});
addEventListener("focus", () => {
  if (!current()) return;
  markRead(state.open);
  sidebar.draw();
});
for (const [id, name] of [
  ["open-sidebar", "menu"],
  ["attach", "plus"],
  ["send", "send"],
])
  document.getElementById(id).append(icon(name));

sitDown(null);
