// What there is, as the server tells it, and who wants to know when it changes.

export const state = {
  words: {},
  people: [],
  who: null,
  me: null,
  bot: null,
  clock: null,
  channels: [],
  users: {},
  commands: [],
  messages: new Map(),
  local: [],
  open: null,
  read: new Map(),
};

const listeners = new Set();

export function onChange(heard) {
  listeners.add(heard);
}

/** Take in what the server says changed; `changed` names it. */
export function take(news) {
  const changed = new Set(Object.keys(news));
  if (news.people) state.messages.clear(); // the stream begins, perhaps anew: it tells everything
  for (const number of news.gone ?? []) state.messages.delete(number);
  for (const message of news.messages ?? []) state.messages.set(message.id, message);
  for (const [key, value] of Object.entries(news)) {
    if (key !== "messages" && key !== "gone") state[key] = value;
  }
  if (news.me) state.who = news.me.name;
  tell(changed);
}

export function tell(changed) {
  for (const heard of listeners) heard(changed);
}

/** Another person sits down: nothing of the last one's is left. */
export function forget(who) {
  Object.assign(state, { who, me: null, messages: new Map(), channels: [], open: null, local: [] });
}

export function messagesIn(channel) {
  const there = [...state.messages.values(), ...state.local].filter((each) => each.channel === channel);
  return there.sort(
    (one, other) => compare(place(one), place(other)) || compare(Boolean(one.after), Boolean(other.after)),
  );
}

function place(message) {
  return BigInt(message.after ?? message.id);
}

function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

export function direct() {
  return state.channels.find((each) => each.dm);
}

export function current() {
  return state.channels.find((each) => each.id === state.open);
}

export function now() {
  return state.clock ? new Date(state.clock.now) : new Date(0);
}

/** Something only the page knows: that the bot did not answer. */
export function note(channel, fields) {
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
  tell(new Set(["messages"]));
}

export function unread(channel) {
  const seen = state.read.get(`${state.who} ${channel}`) ?? 0n;
  return [...state.messages.values()].filter(
    (each) => each.channel === channel && each.author.id !== state.me?.id && BigInt(each.id) > seen,
  ).length;
}

export function markRead(channel) {
  const newest = [...state.messages.values()]
    .filter((each) => each.channel === channel)
    .reduce((most, each) => (BigInt(each.id) > most ? BigInt(each.id) : most), 0n);
  state.read.set(`${state.who} ${channel}`, newest);
}
