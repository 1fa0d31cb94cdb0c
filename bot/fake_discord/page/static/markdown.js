// Discord's markdown, as elements.
import { el, uniqueId } from "./dom.js";
import { state } from "./state.js";
import { timestampElement } from "./times.js";

const BODY = String.raw`((?:\\[\s\S]|[^\\])+?)`;
const MAX_DEPTH = 12;

const INLINE_RULES = [
  [/\\([^\p{L}\p{N}\s])/uy, (match) => match[1]],
  [/``([\s\S]+?)``(?!`)|`([^`]+)`/y, (match) => el("code", {}, (match[1] ?? match[2]).trim())],
  [/<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, (match) => timestampElement(Number(match[1]), match[2]) ?? match[0]],
  [/<@!?(\d{1,25})>/y, (match) => el("span", { className: "mention" }, `@${state.users[match[1]] ?? "unknown-user"}`)],
  [/<#(\d{1,25})>/y, (match) => el("span", { className: "mention" }, `#${channelName(match[1])}`)],
  [/<\/([^:>\n]{1,100}):(\d{1,25})>/y, (match) => commandMention(match[1])],
  [/\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/y, (match, depth) => link(match[2], inline(match[1], depth + 1))],
  [/<(https?:\/\/[^\s>]+)>/y, (match) => link(match[1], match[1])],
  [/https?:\/\/[^\s<]*[^\s<.,:;"')\]、。）」]/y, (match) => link(match[0], match[0])],
  [new RegExp(String.raw`\*\*${BODY}\*\*(?!\*)`, "y"), (match, depth) => el("strong", {}, inline(match[1], depth + 1))],
  [new RegExp(`__${BODY}__(?!_)`, "y"), (match, depth) => el("u", {}, inline(match[1], depth + 1))],
  [new RegExp(`~~${BODY}~~(?!~)`, "y"), (match, depth) => el("s", {}, inline(match[1], depth + 1))],
  [/\|\|([\s\S]+?)\|\|/y, (match, depth) => spoiler(inline(match[1], depth + 1))],
  [/\*(?![\s*])((?:\\[\s\S]|[^\\*])+?)\*(?!\*)/y, (match, depth) => el("em", {}, inline(match[1], depth + 1))],
  [
    /(?<![A-Za-z0-9_])_(?![\s_])((?:\\[\s\S]|[^\\_])+?)_(?![A-Za-z0-9_])/y,
    (match, depth) => el("em", {}, inline(match[1], depth + 1)),
  ],
];
const FIRST_CHARACTERS = new Set("\\`<[h*_~|");

function inline(text, depth = 0) {
  const elements = [];
  let plain = "";
  let position = 0;
  const flush = () => {
    if (plain) elements.push(plain);
    plain = "";
  };
  next: while (position < text.length) {
    if (depth < MAX_DEPTH && FIRST_CHARACTERS.has(text[position])) {
      for (const [rule, build] of INLINE_RULES) {
        rule.lastIndex = position;
        const match = rule.exec(text);
        if (match) {
          flush();
          elements.push(build(match, depth));
          position += match[0].length;
          continue next;
        }
      }
    }
    plain += text[position];
    position += 1;
  }
  flush();
  return elements.flat();
}

function link(address, content) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, content);
}

function spoiler(content) {
  const show = (event) => event.currentTarget.classList.add("shown");
  return el("button", { className: "spoiler", type: "button", on: { click: show } }, content);
}

function channelName(id) {
  return state.channels.find((each) => each.id === id)?.name ?? "unknown";
}

function commandMention(name) {
  const use = () => document.dispatchEvent(new CustomEvent("use-command", { detail: name }));
  return el(
    "button",
    { className: "mention", type: "button", data: { key: uniqueId("mention") }, on: { click: use } },
    `/${name}`,
  );
}

const BLOCKS = [
  [
    /^(#{1,3}) (.+)/,
    (match) => el(`h${match[1].length + 2}`, { className: `md-h${match[1].length}` }, inline(match[2])),
  ],
  [/^-# (.+)/, (match) => el("small", { className: "md-small" }, inline(match[1]))],
];
const ITEM = /^( *)(?:[-*]|(\d{1,9})\.) (.+)/;

/** Return an element with the text. */
export function markdown(text) {
  const elements = el("div", { className: "md" });
  const pieces = text.split(/```(?:[\w+-]*\n)?([\s\S]+?)```/);
  pieces.forEach((piece, number) => {
    if (number % 2) elements.append(el("pre", {}, el("code", {}, piece.replace(/\n$/, ""))));
    else if (piece) elements.append(...lines(piece.replace(number ? /^\n/ : /^(?!)/, "")));
  });
  return elements;
}

function lines(text) {
  const elements = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) elements.push(el("p", {}, inline(paragraph.join("\n"))));
    paragraph = [];
  };
  const sourceLines = text.split("\n");
  for (let at = 0; at < sourceLines.length; at += 1) {
    const line = sourceLines[at];
    const block = BLOCKS.map(([rule, build]) => [rule.exec(line), build]).find(([match]) => match);
    if (block) {
      flush();
      elements.push(block[1](block[0]));
    } else if (line.startsWith(">>> ")) {
      flush();
      elements.push(el("blockquote", {}, lines([line.slice(4), ...sourceLines.slice(at + 1)].join("\n"))));
      return elements;
    } else if (line.startsWith("> ")) {
      flush();
      const quoted = [];
      while (at < sourceLines.length && sourceLines[at].startsWith("> ")) quoted.push(sourceLines[at++].slice(2));
      at -= 1;
      elements.push(el("blockquote", {}, lines(quoted.join("\n"))));
    } else if (ITEM.test(line)) {
      flush();
      const ordered = ITEM.exec(line)[2];
      const list = el(ordered ? "ol" : "ul", ordered ? { start: ordered } : {});
      for (
        ;
        at < sourceLines.length && ITEM.test(sourceLines[at]) && !ITEM.exec(sourceLines[at])[2] === !ordered;
        at += 1
      ) {
        const [, indent, , words] = ITEM.exec(sourceLines[at]);
        list.append(el("li", { className: indent ? "deeper" : undefined }, inline(words)));
      }
      at -= 1;
      elements.push(list);
    } else paragraph.push(line);
  }
  flush();
  return elements;
}
