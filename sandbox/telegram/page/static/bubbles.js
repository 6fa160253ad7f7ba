// One message, or one album, as an element.
import { clock, icon, make, personId, size, texts } from "./kit.js";
import { rich } from "./entities.js";

const ICONS = {
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  url: "M7 17L17 7M9 7h8v8",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
};
const FILE = "/_file/";
export const fileUrl = (file) => FILE + file.file_unique_id;

export function bubble(messages, act) {
  const [first] = messages;
  if (first.pinned_message) return service(first);
  const own = first.from.id === personId;
  const spoken = messages.find((message) => message.text || message.caption) || first;
  const last = messages[messages.length - 1];
  const pictures = messages.filter((message) => message.photo);
  const others = messages.filter((message) => !message.photo && !message.text);
  const body = make("div", { class: "bubble" },
    answered(first, act),
    pictures.length ? photos(pictures, act) : null,
    ...others.map(document_),
    words(spoken),
    make("span", { class: "meta" }, last.edit_date ? `${texts.edited} ` : "", clock(last.date)),
  );
  if (last.edit_date) body.classList.add("edited");
  if (pictures.length && !(spoken.text || spoken.caption) && !others.length) body.classList.add("bare");
  const label = `${own ? texts.you : first.from.first_name}, ${clock(last.date)}`;
  const article = make("article", {
    class: `message ${own ? "own" : "theirs"}${pictures.length ? " pictured" : ""}${pictures.length > 1 ? " album" : ""}`,
    "data-message-id": last.message_id, "aria-label": label,
  }, body, reactions(last), keyboard(last, act));
  return article;
}

function service(message) {
  return make("article", { class: "service", "data-message-id": message.message_id }, make("span", {}, texts.pinned_service));
}

function words(message) {
  const text = message.text || message.caption;
  if (!text) return null;
  return make("div", { class: "words" }, ...rich(text, message.entities || message.caption_entities));
}

function photos(messages, act) {
  const grid = make("div", { class: "photos", "data-count": Math.min(messages.length, 10) });
  for (const message of messages) {
    const largest = message.photo[message.photo.length - 1];
    const shown = messages.length > 1 ? message.photo[Math.min(2, message.photo.length - 1)] : largest;
    const image = make("img", { src: fileUrl(shown), alt: message.caption || texts.photo, width: largest.width, height: largest.height, loading: "lazy" });
    const button = make("button", { type: "button", class: message.has_media_spoiler ? "veiled" : "", "aria-label": texts.photo, onclick: () => act.view(fileUrl(largest)) }, image);
    if (messages.length === 1) fit(button, largest);
    grid.append(button);
  }
  return grid;
}

// As large as it is, up to what fits a chat; nothing of a code or label is cut off.
function fit(button, { width, height }) {
  const ratio = width / height;
  button.style.aspectRatio = String(ratio);
  button.style.width = `${Math.max(140, Math.min(width, 414, 460 * ratio))}px`;
}

function answered(message, act) {
  const other = message.reply_to_message;
  if (!other) return null;
  return make("button", { type: "button", class: "answered", onclick: () => act.jump(other.message_id) }, make("b", {}, other.from.first_name), make("span", {}, summary(other)));
}

function document_(message) {
  const file = message.document || message.video || message.audio;
  if (!file) return null;
  const picture = file.thumbnail
    ? make("img", { class: "thumb", src: fileUrl(file.thumbnail), alt: "" })
    : make("span", { class: "thumb", "aria-hidden": "true" }, icon(ICONS.file), (file.file_name || "").split(".").pop().slice(0, 4));
  return make("a", { class: "document", href: fileUrl(file), download: file.file_name || "file", "aria-label": `${texts.download}: ${file.file_name}` },
    picture, make("span", { class: "name" }, make("b", {}, file.file_name || texts.document), make("small", {}, size(file.file_size))));
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return make("div", { class: "reactions" }, ...message.reactions.map((reaction) => make("span", {}, reaction.emoji)));
}

function keyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return make("div", { class: "inline" }, ...rows.map((row) => make("div", { class: "row" }, ...row.map((button) => inlineButton(message, button, act)))));
}

function inlineButton(message, button, act) {
  const look = `key ${button.style || ""}`;
  if (button.url || button.web_app) {
    return make("a", { class: look, href: button.url || button.web_app.url, target: "_blank", rel: "noopener noreferrer", role: "button" }, button.text, icon(ICONS.url));
  }
  const element = make("button", { type: "button", class: look, disabled: Boolean(button.disabled), title: button.disabled ? texts.disabled : null }, button.text);
  if (button.copy_text) {
    element.append(icon(ICONS.copy));
    element.addEventListener("click", () => act.copy(button.copy_text.text));
  } else {
    element.addEventListener("click", () => act.press(message, button, element));
  }
  return element;
}

export function summary(message) {
  if (!message) return texts.no_messages;
  const text = message.text || message.caption;
  if (text) return text.replace(/\s+/g, " ").slice(0, 90);
  if (message.photo) return message.media_group_id ? texts.album : texts.photo;
  if (message.pinned_message) return texts.pinned_service;
  return message.document?.file_name || texts.document;
}
