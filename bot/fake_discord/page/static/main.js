// Starts the page, and redraws what changed.
import * as clock from "./clock.js";
import * as composer from "./composer.js";
import { el, icon, replaceContent } from "./dom.js";
import * as firstSteps from "./first_steps.js";
import * as messages from "./messages.js";
import * as sidebar from "./sidebar.js";
import { addLocalMessage, currentChannel, directChannel, markRead, onChange, state } from "./state.js";
import { connectAs, sendAction } from "./server.js";
import { locale, translate } from "./texts.js";

const notify = document.getElementById("notify");
const connectionLost = document.getElementById("lost");

onChange((changed) => {
  if (changed.has("people") && !state.me) return;
  if (!currentChannel() && directChannel()) state.open = directChannel().id;
  if (!state.me || !currentChannel()) return;
  if (changed.has("me")) drawStaticTexts();
  sidebar.draw();
  if (changed.has("clock") || changed.has("me")) clock.draw();
  if (!changed.has("clock") || changed.size > 1) firstSteps.draw();
  messages.draw();
  if (changed.has("me") || changed.has("open")) composer.updateLabels();
  connectionLost.hidden = !state.disconnected;
  connectionLost.textContent = translate("page-lost");
});

/** Write the texts of index.html. */
function drawStaticTexts() {
  document.documentElement.lang = locale();
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = translate(element.dataset.text);
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", translate(each.dataset.label));
    each.title = translate(each.dataset.label);
  }
  replaceContent(notify, icon("bell"), el("span", {}, translate("page-notify")));
}

notify.addEventListener("click", async () => {
  const channel = currentChannel();
  const result = await sendAction(channel.dm ? "deliver_mail" : "post_mail", { channel: channel.id });
  if (result.delivered === false) addLocalMessage(channel.id, { failed: translate("page-no-mail-address") });
});
document.addEventListener("go", (event) => sidebar.openChannel(event.detail));
document.addEventListener("use-command", (event) => composer.beginCommandByName(event.detail));
document.addEventListener("show-picture", ({ detail }) => {
  const dialog = el(
    "dialog",
    { className: "lightbox", "aria-label": detail.description },
    el(
      "button",
      {
        type: "button",
        className: "lightbox-close",
        "aria-label": translate("page-close"),
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
  if (!currentChannel()) return;
  markRead(state.open);
  sidebar.draw();
});
for (const [id, name] of [
  ["open-sidebar", "menu"],
  ["attach", "plus"],
  ["send", "send"],
])
  document.getElementById(id).append(icon(name));

connectAs(null);
