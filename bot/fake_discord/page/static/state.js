// What the server sent, and the listeners that are called when it changes.

export const state = {
  texts: {},
  people: [],
  user: null,
  me: null,
  bot: null,
  clock: null,
  channels: [],
  users: {},
  commands: [],
  messages: new Map(),
  local: [], // messages that only the page knows
  open: null,
  read: new Map(),
};

const listeners = new Set();

export function onChange(listener) {
  listeners.add(listener);
}

/** Apply what the server sent; the listeners get the names of what changed. */
export function applyUpdate(update) {
  const changed = new Set(Object.keys(update));
  if (update.people) state.messages.clear(); // a stream begins with everything
  for (const id of update.deleted ?? []) state.messages.delete(id);
  for (const message of update.messages ?? []) state.messages.set(message.id, message);
  for (const [key, value] of Object.entries(update)) {
    if (key !== "messages" && key !== "deleted") state[key] = value;
  }
  if (update.me) state.user = update.me.name;
  notifyListeners(changed);
}

export function notifyListeners(changed) {
  for (const listener of listeners) listener(changed);
}

/** Remove everything of the last person. */
export function resetView(user) {
  Object.assign(state, { user, me: null, messages: new Map(), channels: [], open: null, local: [] });
}

export function messagesIn(channel) {
  const messages = [...state.messages.values(), ...state.local].filter((message) => message.channel === channel);
  return messages.sort(
    (one, other) => compare(sortKey(one), sortKey(other)) || compare(Boolean(one.after), Boolean(other.after)),
  );
}

function sortKey(message) {
  return BigInt(message.after ?? message.id);
}

function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

export function directChannel() {
  return state.channels.find((channel) => channel.dm);
}

export function currentChannel() {
  return state.channels.find((channel) => channel.id === state.open);
}

export function now() {
  return state.clock ? new Date(state.clock.now) : new Date(0);
}

/** Add a message that only the page knows, such as that the bot did not respond. */
export function addLocalMessage(channel, fields) {
  const last = messagesIn(channel).at(-1);
  const id = `local-${state.local.length}-${Math.random().toString(36).slice(2)}`;
  const after = last ? (last.after ?? last.id) : "0";
  state.local.push({
    id,
    channel,
    after,
    at: now().toISOString(),
    content: "",
    components: [],
    attachments: [],
    embeds: [],
    forwarded: [],
    ephemeral: true,
    edited: false,
    used: null,
    author: { id: state.bot, name: state.users[state.bot], app: true },
    ...fields,
  });
  notifyListeners(new Set(["messages"]));
}

export function unread(channel) {
  const lastRead = state.read.get(`${state.user} ${channel}`) ?? 0n;
  return [...state.messages.values()].filter(
    (each) => each.channel === channel && each.author.id !== state.me?.id && BigInt(each.id) > lastRead,
  ).length;
}

export function markRead(channel) {
  const newest = [...state.messages.values()]
    .filter((each) => each.channel === channel)
    .reduce((newestId, each) => (BigInt(each.id) > newestId ? BigInt(each.id) : newestId), 0n);
  state.read.set(`${state.user} ${channel}`, newest);
}
