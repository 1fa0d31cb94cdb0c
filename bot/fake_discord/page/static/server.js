// The connection to the server: a stream of what the person sees, and a POST for each action.
import { addLocalMessage, applyUpdate, notifyListeners, resetView, state } from "./state.js";
import { translate } from "./texts.js";

let stream = null;

/** Show the page of a person; null: of the first one. */
export function connectAs(user) {
  stream?.close();
  resetView(user);
  const query = new URLSearchParams({ language: navigator.language, ...(user === null ? {} : { user }) });
  stream = new EventSource(`events?${query}`);
  stream.addEventListener("message", (event) => applyUpdate(JSON.parse(event.data)));
  stream.addEventListener("open", () => setDisconnected(false));
  stream.addEventListener("error", () => setDisconnected(true));
}

function setDisconnected(disconnected) {
  state.disconnected = disconnected;
  notifyListeners(new Set(["disconnected"]));
}

/** Carry out an action and return its result; `refused`: the reason, `timed_out`: the bot did not respond. */
export async function sendAction(action, fields = {}, files = {}) {
  const form = new FormData();
  form.append("request", JSON.stringify({ user: state.user, action, ...fields }));
  for (const [name, file] of Object.entries(files)) form.append(name, file, file.name);
  try {
    const response = await fetch("actions", { method: "POST", body: form });
    if (response.status === 413) return { refused: translate("page-too-large") };
    if (response.status === 403) return { refused: (await response.text()).trim() };
    return await response.json();
  } catch {
    return { refused: translate("page-lost") };
  }
}

/** Carry out an action to which the bot has to respond; add a line to the channel where it does not. */
export async function requestBot(action, fields, files, used) {
  const result = await sendAction(action, fields, files);
  if (result.timed_out) addLocalMessage(fields.channel, { used, failed: translate("page-silent") });
  else if (result.refused)
    addLocalMessage(fields.channel, { used, failed: translate("page-refused", { reason: result.refused }) });
  return result;
}
