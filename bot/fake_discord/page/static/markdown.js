// Discord's markdown, as elements.
import { el, fresh } from "./dom.js";
import { state } from "./state.js";
import { stamp } from "./times.js";

const BODY = String.raw`((?:\\[\s\S]|[^\\])+?)`;
const DEEPEST = 12;

const RULES = [
  [/\\([^\p{L}\p{N}\s])/uy, (found) => found[1]],
  [/``([\s\S]+?)``(?!`)|`([^`]+)`/y, (found) => el("code", {}, (found[1] ?? found[2]).trim())],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (found) => stamp(Number(found[1]), found[2]) ?? found[0]],
  [/<@!?(\d{1,25})>/y, (found) => el("span", { className: "mention" }, `@${state.users[found[1]] ?? "unknown-user"}`)],
  [/<#(\d{1,25})>/y, (found) => el("span", { className: "mention" }, `#${channelName(found[1])}`)],
  [/<\/([^:>\n]{1,100}):(\d{1,25})>/y, (found) => commandMention(found[1])],
  [/\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/y, (found, depth) => link(found[2], inline(found[1], depth + 1))],
  [/<(https?:\/\/[^\s>]+)>/y, (found) => link(found[1], found[1])],
  [/https?:\/\/[^\s<]*[^\s<.,:;"')\]、。）」]/y, (found) => link(found[0], found[0])],
  [new RegExp(String.raw`\*\*${BODY}\*\*(?!\*)`, "y"), (found, depth) => el("strong", {}, inline(found[1], depth + 1))],
  [new RegExp(`__${BODY}__(?!_)`, "y"), (found, depth) => el("u", {}, inline(found[1], depth + 1))],
  [new RegExp(`~~${BODY}~~(?!~)`, "y"), (found, depth) => el("s", {}, inline(found[1], depth + 1))],
  [/\|\|([\s\S]+?)\|\|/y, (found, depth) => spoiler(inline(found[1], depth + 1))],
  [/\*(?![\s*])((?:\\[\s\S]|[^\\*])+?)\*(?!\*)/y, (found, depth) => el("em", {}, inline(found[1], depth + 1))],
  [
    /(?<![A-Za-z0-9_])_(?![\s_])((?:\\[\s\S]|[^\\_])+?)_(?![A-Za-z0-9_])/y,
    (found, depth) => el("em", {}, inline(found[1], depth + 1)),
  ],
];
const STARTS = new Set("\\`<[h*_~|");

function inline(text, depth = 0) {
  const made = [];
  let plain = "";
  let place = 0;
  const flush = () => {
    if (plain) made.push(plain);
    plain = "";
  };
  next: while (place < text.length) {
    if (depth < DEEPEST && STARTS.has(text[place])) {
      for (const [rule, build] of RULES) {
        rule.lastIndex = place;
        const found = rule.exec(text);
        if (found) {
          flush();
          made.push(build(found, depth));
          place += found[0].length;
          continue next;
        }
      }
    }
    plain += text[place];
    place += 1;
  }
  flush();
  return made.flat();
}

function link(address, words) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

function spoiler(words) {
  const show = (event) => event.currentTarget.classList.add("shown");
  return el("button", { className: "spoiler", type: "button", on: { click: show } }, words);
}

function channelName(number) {
  return state.channels.find((each) => each.id === number)?.name ?? "unknown";
}

function commandMention(name) {
  const use = () => document.dispatchEvent(new CustomEvent("use-command", { detail: name }));
  return el(
    "button",
    { className: "mention", type: "button", data: { key: fresh("mention") }, on: { click: use } },
    `/${name}`,
  );
}

const BLOCKS = [
  [
    /^(#{1,3}) (.+)/,
    (found) => el(`h${found[1].length + 2}`, { className: `md-h${found[1].length}` }, inline(found[2])),
  ],
  [/^-# (.+)/, (found) => el("small", { className: "md-small" }, inline(found[1]))],
];
const ITEM = /^( *)(?:[-*]|(\d{1,9})\.) (.+)/;

/** A text, as the elements of its lines. */
export function markdown(text) {
  const made = el("div", { className: "md" });
  const pieces = text.split(/```(?:[\w+-]*\n)?([\s\S]+?)```/);
  pieces.forEach((piece, number) => {
    if (number % 2) made.append(el("pre", {}, el("code", {}, piece.replace(/\n$/, ""))));
    else if (piece) made.append(...lines(piece.replace(number ? /^\n/ : /^(?!)/, "")));
  });
  return made;
}

function lines(text) {
  const made = [];
  let run = [];
  const flush = () => {
    if (run.length) made.push(el("p", {}, inline(run.join("\n"))));
    run = [];
  };
  const all = text.split("\n");
  for (let at = 0; at < all.length; at += 1) {
    const line = all[at];
    const block = BLOCKS.map(([rule, build]) => [rule.exec(line), build]).find(([found]) => found);
    if (block) {
      flush();
      made.push(block[1](block[0]));
    } else if (line.startsWith(">>> ")) {
      flush();
      made.push(el("blockquote", {}, lines([line.slice(4), ...all.slice(at + 1)].join("\n"))));
      return made;
    } else if (line.startsWith("> ")) {
      flush();
      const quoted = [];
      while (at < all.length && all[at].startsWith("> ")) quoted.push(all[at++].slice(2));
      at -= 1;
      made.push(el("blockquote", {}, lines(quoted.join("\n"))));
    } else if (ITEM.test(line)) {
      flush();
      const ordered = ITEM.exec(line)[2];
      const list = el(ordered ? "ol" : "ul", ordered ? { start: ordered } : {});
      for (; at < all.length && ITEM.test(all[at]) && !ITEM.exec(all[at])[2] === !ordered; at += 1) {
        const [, indent, , words] = ITEM.exec(all[at]);
        list.append(el("li", { className: indent ? "deeper" : undefined }, inline(words)));
      }
      at -= 1;
      made.push(list);
    } else run.push(line);
  }
  flush();
  return made;
}
