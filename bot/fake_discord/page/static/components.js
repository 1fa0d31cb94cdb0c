// Discord's components (V2): containers, texts, sections, galleries, files, separators, rows of buttons, selects.
import { el, icon } from "./dom.js";
import { markdown } from "./markdown.js";
import { select } from "./selects.js";
import { word } from "./words.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

/** `press(custom_id)` and `choose(custom_id, values)` are told what was done; `files` are the message's own. */
export function components(list, files, press, choose) {
  const build = {
    1: (each) => el("div", { className: "row" }, all(each.components)),
    2: button,
    3: (each) => select(each, (values) => choose(each.custom_id, values)),
    9: (each) =>
      el(
        "div",
        { className: "section" },
        el("div", { className: "section-words" }, all(each.components)),
        el("div", { className: "accessory" }, draw(each.accessory)),
      ),
    10: (each) => markdown(each.content),
    11: (each) => picture(each, "thumbnail"),
    12: (each) =>
      el(
        "div",
        { className: `gallery of-${Math.min(each.items.length, 4)}` },
        each.items.map((item) => picture(item, "shot")),
      ),
    13: (each) =>
      attachment(
        found(each.file.url) ?? { name: each.file.url.replace("attachment://", ""), size: 0, url: each.file.url },
      ),
    14: (each) =>
      el("hr", { className: `${each.divider === false ? "blank" : ""} ${each.spacing === 2 ? "wide" : ""}` }),
    17: container,
  };

  function all(children) {
    return (children ?? []).map(draw);
  }

  function draw(each) {
    return (build[each.type] ?? (() => el("p", { className: "unknown" }, word("page-unknown-part"))))(each);
  }

  function button(each) {
    const face = [
      each.emoji?.name && el("span", { className: "emoji", "aria-hidden": "true" }, each.emoji.name),
      each.label,
    ];
    const name = each.label ? undefined : each.emoji?.name;
    if (each.style === 5) {
      return el(
        "a",
        {
          className: "button link",
          href: safe(each.url),
          target: "_blank",
          rel: "noopener noreferrer",
          "aria-label": name,
        },
        face,
        icon("out"),
      );
    }
    const made = el(
      "button",
      {
        type: "button",
        className: `button ${STYLES[each.style]}`,
        disabled: each.disabled,
        "aria-label": name,
        data: { key: each.custom_id },
      },
      face,
    );
    made.addEventListener("click", async () => {
      made.classList.add("busy");
      await press(each.custom_id, each.label);
      made.classList.remove("busy");
    });
    return made;
  }

  function container(each) {
    const made = el("div", { className: "container" }, all(each.components));
    if (each.accent_color !== undefined && each.accent_color !== null) {
      made.classList.add("accented");
      made.style.setProperty("--accent", `#${each.accent_color.toString(16).padStart(6, "0")}`);
    }
    return made;
  }

  function found(url) {
    const name = url.replace("attachment://", "");
    const local = /\/attachments\/\d+\/(\d+)\//.exec(url);
    return files.find((each) => (local ? each.url === `files/${local[1]}` : each.name === name));
  }

  function picture(each, className) {
    const file = found(each.media.url);
    if (!file) return el("p", { className: "unknown" }, each.description ?? word("page-unknown-part"));
    return shot(file.url, each.description ?? file.description ?? file.name, className);
  }

  return all(list);
}

function safe(address) {
  return /^(https?|discord):/.test(address) ? address : "#";
}

/** A picture that opens in full when it is pressed. */
function shot(url, description, className) {
  const open = () => document.dispatchEvent(new CustomEvent("show-picture", { detail: { url, description } }));
  return el(
    "button",
    {
      type: "button",
      className: `picture ${className}`,
      "aria-label": word("page-enlarge", { description }),
      on: { click: open },
    },
    el("img", { src: url, alt: description }),
  );
}

/** Something attached: a picture is shown, anything else can be saved. */
export function attachment(file) {
  if (/\.(png|jpe?g|gif|webp)$/i.test(file.name)) {
    return el("div", { className: "gallery of-1" }, shot(file.url, file.description ?? file.name, "shot"));
  }
  return el(
    "div",
    { className: "file" },
    icon("file"),
    el("div", {}, el("a", { href: file.url, download: file.name }, file.name), el("small", {}, size(file.size))),
  );
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
