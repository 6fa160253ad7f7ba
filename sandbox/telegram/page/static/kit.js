// Small helpers of the chat page. Texts from outside become text nodes only, never markup.

const setup = JSON.parse(document.getElementById("setup").textContent);
export const texts = setup.texts;
export const language = setup.language;
export const personId = setup.person;
const bot = new URLSearchParams(location.search).get("bot");

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const withBot = (path, query = {}) => {
  const all = new URLSearchParams({ ...query, ...(bot ? { bot } : {}) }).toString();
  return all ? `${path}?${all}` : path;
};
export const mine = (what, query) => withBot(`/_user/${personId}/${what}`, query);

export async function call(what, body = {}) {
  const form = body instanceof FormData;
  let response;
  try {
    response = await fetch(mine(what), {
      method: "POST",
      body: form ? body : JSON.stringify(body),
      headers: form ? {} : { "Content-Type": "application/json" },
    });
  } catch {
    toast(texts.offline);
    return null;
  }
  if (response.ok) return response.json();
  const said = await response.text();
  let why = said;
  try { why = JSON.parse(said).error; } catch { /* plain text */ }
  toast(why || response.statusText);
  return null;
}

export function toast(text) {
  const shown = make("div", { class: "toast" }, text);
  $("toasts").append(shown);
  setTimeout(() => shown.remove(), 3500);
}

export const clock = (unix) => new Date(unix * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function day(unix) {
  const date = new Date(unix * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return texts.today;
  if (days === 1) return texts.yesterday;
  return date.toLocaleDateString(language, { day: "numeric", month: "long" });
}

export function size(bytes) {
  const units = language === "ru" ? ["Б", "КБ", "МБ"] : ["B", "KB", "MB"];
  let step = 0;
  while (bytes >= 1024 && step < 2) { bytes /= 1024; step += 1; }
  return `${bytes.toLocaleString(language, { maximumFractionDigits: step ? 1 : 0 })} ${units[step]}`;
}

const COLOURS = ["#e17076", "#7bc862", "#65aadd", "#a695e7", "#ee7aae", "#6ec9cb", "#faa774"];
export function paintAvatar(element, id, name) {
  element.style.background = COLOURS[Math.abs(id) % COLOURS.length];
  element.textContent = (name || "?").trim().charAt(0).toUpperCase();
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${texts.copied}: ${text}`);
  } catch {
    toast(texts.copy_failed);
  }
}
