// A text with Telegram's entities as DOM nodes. Offsets are UTF-16 units, which is what JavaScript counts.
import { copy, language, make, texts } from "./kit.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };
const LINKS = /^(https?|tg|mailto):/i;

export function rich(text, entities = []) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return span(text, 0, text.length, sorted);
}

function span(text, from, to, entities) {
  const nodes = [];
  let at = from;
  while (entities.length) {
    const [entity, ...rest] = entities;
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset > at) nodes.push(plainText(text.slice(at, entity.offset), nodes));
    const inner = rest.filter((other) => other.offset < end);
    nodes.push(wrap(entity, text.slice(entity.offset, end), span(text, entity.offset, end, inner)));
    entities = rest.filter((other) => other.offset >= end);
    at = end;
  }
  if (at < to) nodes.push(plainText(text.slice(at, to), nodes));
  return nodes;
}

// A block ends its line by itself, so the line break after it is not shown a second time.
function plainText(words, before) {
  const block = ["BLOCKQUOTE", "PRE"].includes(before[before.length - 1]?.tagName);
  return block && words.startsWith("\n") ? words.slice(1) : words;
}

function wrap(entity, plain, children) {
  switch (entity.type) {
    case "text_link": return link(entity.url, children);
    case "url": return link(plain, children);
    case "bot_command": return make("button", { type: "button", class: "command", "data-command": plain }, ...children);
    case "code": return make("code", { title: texts.copy, onclick: () => copy(plain) }, ...children);
    case "pre": return make("pre", { "data-language": entity.language }, make("code", {}, ...children));
    case "spoiler": return make("span", { class: "spoiler", tabindex: 0, onclick: (event) => event.currentTarget.classList.add("open") }, ...children);
    case "blockquote": return make("blockquote", {}, ...children);
    case "expandable_blockquote": return folding(children);
    case "date_time": return localTime(entity, plain);
    default: return make(TAGS[entity.type] || "span", {}, ...children);
  }
}

function link(url, children) {
  const href = /^[\w+.-]+:/.test(url) ? url : `https://${url}`;
  if (!LINKS.test(href)) return make("span", {}, ...children);
  return make("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

// Folded to three lines until opened; a short one has nothing to open.
function folding(children) {
  const quote = make("blockquote", { class: "folding folded" }, make("div", {}, ...children));
  const toggle = make("button", { type: "button", class: "fold", "aria-expanded": "false" }, texts.show_more);
  toggle.addEventListener("click", () => {
    const folded = quote.classList.toggle("folded");
    toggle.setAttribute("aria-expanded", String(!folded));
    toggle.textContent = folded ? texts.show_more : texts.show_less;
  });
  quote.append(toggle);
  return quote;
}

const STYLES = {
  t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
  w: { weekday: "long" }, f: { dateStyle: "medium", timeStyle: "short" },
};
const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity]];

function localTime(entity, plain) {
  const date = new Date(entity.unix_time * 1000);
  const time = make("time", { datetime: date.toISOString(), title: date.toLocaleString(language) });
  time.textContent = shape(entity.date_time_format, date) ?? plain;
  return time;
}

function shape(format, date) {
  if (format === "r") return relative(date);
  if (!format) return null;
  if (STYLES[format]) return date.toLocaleString(language, STYLES[format]);
  const parts = [...format].map((letter) => STYLES[letter] && date.toLocaleString(language, STYLES[letter]));
  return parts.every(Boolean) ? parts.join(", ") : null;
}

function relative(date) {
  let value = (date - Date.now()) / 1000;
  for (const [unit, many] of STEPS) {
    if (Math.abs(value) < many) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(value), unit);
    value /= many;
  }
  return null;
}
