// To and from the server: one stream of what is seen, one post for each thing done.
import { forget, note, state, take, tell } from "./state.js";
import { word } from "./words.js";

let stream = null;

/** Somebody sits down at the page; null: whoever is first. */
export function sitDown(who) {
  stream?.close();
  forget(who);
  stream = new EventSource(who === null ? "events" : `events?who=${encodeURIComponent(who)}`);
  stream.addEventListener("message", (event) => take(JSON.parse(event.data)));
  stream.addEventListener("open", () => lost(false));
  stream.addEventListener("error", () => lost(true));
}

function lost(isLost) {
  state.lost = isLost;
  tell(new Set(["lost"]));
}

/** Do something; what came of it. `refused`: why not; `silent`: the bot did not answer. */
export async function act(deed, fields = {}, files = {}) {
  const form = new FormData();
  form.append("said", JSON.stringify({ who: state.who, do: deed, ...fields }));
  for (const [name, file] of Object.entries(files)) form.append(name, file, file.name);
  try {
    const answer = await fetch("do", { method: "POST", body: form });
    if (answer.status === 413) return { refused: word("page-too-large") };
    if (answer.status === 403) return { refused: (await answer.text()).trim() };
    return await answer.json();
  } catch {
    return { refused: word("page-lost") };
  }
}

/** Do something that the bot has to answer, and say so where it does not. */
export async function ask(deed, fields, files, used) {
  const done = await act(deed, fields, files);
  if (done.silent) note(fields.channel, { used, failed: word("page-silent") });
  else if (done.refused) note(fields.channel, { used, failed: word("page-refused", { reason: done.refused }) });
  return done;
}
