// Discord's components (V2): containers, texts, sections, galleries, files, separators, rows of buttons, selects.
import { el, icon } from "./dom.js";
import { markdown } from "./markdown.js";
import { select } from "./selects.js";
import { translate } from "./texts.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "premium" };

/** Build a message's components; `onClick(custom_id)` and `onSelect(custom_id, values)` are called by them. */
export function components(list, files, onClick, onSelect) {
  const builders = {
    1: (each) => el("div", { className: "row" }, buildAll(each.components)),
    2: button,
    3: (each) => select(each, (values) => onSelect(each.custom_id, values)),
    9: (each) =>
      el(
        "div",
        { className: "section" },
        el("div", { className: "section-words" }, buildAll(each.components)),
        el("div", { className: "accessory" }, build(each.accessory)),
      ),
    10: (each) => markdown(each.content),
    11: (each) => mediaImage(each, "thumbnail"),
    12: (each) =>
      el(
        "div",
        { className: `gallery of-${Math.min(each.items.length, 4)}` },
        each.items.map((item) => mediaImage(item, "shot")),
      ),
    13: (each) =>
      attachment(
        attachedFile(each.file.url) ?? {
          name: each.file.url.replace("attachment://", ""),
          size: 0,
          url: each.file.url,
        },
      ),
    14: (each) =>
      el("hr", { className: `${each.divider === false ? "blank" : ""} ${each.spacing === 2 ? "wide" : ""}` }),
    17: container,
  };

  function buildAll(children) {
    return (children ?? []).map(build);
  }

  function build(each) {
    return (builders[each.type] ?? (() => el("p", { className: "unknown" }, translate("page-unknown-part"))))(each);
  }

  function button(each) {
    const content = [
      each.emoji?.name && el("span", { className: "emoji", "aria-hidden": "true" }, each.emoji.name),
      each.label,
    ];
    const name = each.label ? undefined : each.emoji?.name;
    if (each.style === 5) {
      return el(
        "a",
        {
          className: "button link",
          href: safeAddress(each.url),
          target: "_blank",
          rel: "noopener noreferrer",
          "aria-label": name,
        },
        content,
        icon("out"),
      );
    }
    const element = el(
      "button",
      {
        type: "button",
        className: `button ${STYLES[each.style]}`,
        disabled: each.disabled,
        "aria-label": name,
        data: { key: each.custom_id },
      },
      content,
    );
    element.addEventListener("click", async () => {
      element.classList.add("busy");
      await onClick(each.custom_id, each.label);
      element.classList.remove("busy");
    });
    return element;
  }

  function container(each) {
    const element = el("div", { className: "container" }, buildAll(each.components));
    if (each.accent_color !== undefined && each.accent_color !== null) {
      element.classList.add("accented");
      element.style.setProperty("--accent", `#${each.accent_color.toString(16).padStart(6, "0")}`);
    }
    return element;
  }

  function attachedFile(url) {
    const name = url.replace("attachment://", "");
    const local = /\/attachments\/\d+\/(\d+)\//.exec(url);
    return files.find((each) => (local ? each.url === `files/${local[1]}` : each.name === name));
  }

  function mediaImage(each, className) {
    const file = attachedFile(each.media.url);
    if (!file) return el("p", { className: "unknown" }, each.description ?? translate("page-unknown-part"));
    return imageButton(file.url, each.description ?? file.description ?? file.name, className);
  }

  return buildAll(list);
}

function safeAddress(address) {
  return /^(https?|discord):/.test(address) ? address : "#";
}

/** A picture that is enlarged when it is clicked. */
function imageButton(url, description, className) {
  const open = () => document.dispatchEvent(new CustomEvent("show-picture", { detail: { url, description } }));
  return el(
    "button",
    {
      type: "button",
      className: `picture ${className}`,
      "aria-label": translate("page-enlarge", { description }),
      on: { click: open },
    },
    el("img", { src: url, alt: description }),
  );
}

/** An attached file: a picture is shown, anything else can be saved. */
export function attachment(file) {
  if (/\.(png|jpe?g|gif|webp)$/i.test(file.name)) {
    return el("div", { className: "gallery of-1" }, imageButton(file.url, file.description ?? file.name, "shot"));
  }
  return el(
    "div",
    { className: "file" },
    icon("file"),
    el("div", {}, el("a", { href: file.url, download: file.name }, file.name), el("small", {}, formatSize(file.size))),
  );
}

function formatSize(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
