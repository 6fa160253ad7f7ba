// Writing and sending: the text box, commands, files by button, drop and paste.
import { $, call, make, size, texts } from "./kit.js";

let commands = [];

export function startComposer() {
  const text = $("text");
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); sendText(); });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sendText(); }
    if (event.key === "Escape") showCommands([]);
  });
  text.addEventListener("input", () => { grow(); suggest(); });
  text.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) { event.preventDefault(); offer([...event.clipboardData.files]); }
  });
  $("menu").addEventListener("click", () => showCommands($("commands").hidden ? commands : []));
  $("files").addEventListener("change", (event) => { offer([...event.target.files]); event.target.value = ""; });
  document.addEventListener("click", (event) => {
    const command = event.target.closest("[data-command]")?.dataset.command;
    if (command) call("text", { text: command });
    if (!event.target.closest("footer")) showCommands([]);
  });
  startDrop();
}

async function sendText() {
  const text = $("text");
  const words = text.value;
  if (!words.trim()) return;
  text.value = "";
  grow();
  showCommands([]);
  if (await call("text", { text: words }) === null && !text.value) { text.value = words; grow(); }
}

function grow() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  $("composer").classList.toggle("filled", Boolean(text.value.trim()));
}

export function setCommands(list) {
  commands = list;
  $("menu").hidden = !list.length;
}

function suggest() {
  const typed = $("text").value;
  showCommands(/^\/\w*$/.test(typed) ? commands.filter((command) => `/${command.command}`.startsWith(typed)) : []);
}

function showCommands(list) {
  const place = $("commands");
  place.replaceChildren(...list.map((command) => make("li", {}, make("button", {
    type: "button",
    onclick: () => { showCommands([]); $("text").value = ""; grow(); call("text", { text: `/${command.command}` }); },
  }, make("b", {}, `/${command.command}`), make("span", {}, command.description)))));
  place.hidden = !list.length;
  $("menu").setAttribute("aria-expanded", String(Boolean(list.length)));
}

export function setReplyKeyboard(markup) {
  const place = $("keyboard");
  const rows = markup?.keyboard || [];
  place.hidden = !rows.length;
  place.replaceChildren(...rows.map((row) => make("div", { class: "row" }, ...row.map((button) => {
    const label = typeof button === "string" ? button : button.text;
    return make("button", { type: "button", class: "key", onclick: () => call("text", { text: label }) }, label);
  }))));
}

function startDrop() {
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const show = (shown) => { $("drop").hidden = !shown; };
  document.addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; show(true); } });
  document.addEventListener("dragleave", (event) => { if (carries(event)) { depth -= 1; show(depth > 0); } });
  document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    offer([...event.dataTransfer.files]);
  });
}

// Pictures may go as photos, which are compressed, or as files; anything else is a file.
function offer(files) {
  if (!files.length) return;
  const pictures = files.every((file) => /^image\/(jpeg|png|webp|gif|bmp)$/.test(file.type));
  const dialog = $("sending");
  const shown = files.map((file) => preview(file));
  $("previews").replaceChildren(...shown);
  $("as").hidden = !pictures;
  dialog.querySelector(`[value=${pictures ? "photo" : "document"}][name=as]`).checked = true;
  $("caption").value = $("text").value;
  dialog.onclose = () => {
    shown.forEach((element) => URL.revokeObjectURL(element.querySelector("img")?.src));
    if (dialog.returnValue === "send") send(files, dialog.querySelector("[name=as]:checked").value, $("caption").value);
  };
  dialog.returnValue = "";
  dialog.showModal();
  $("send-files").focus();
}

function preview(file) {
  const picture = file.type.startsWith("image/") ? make("img", { src: URL.createObjectURL(file), alt: "" }) : null;
  return make("figure", {}, picture, make("figcaption", {}, file.name, " ", make("small", {}, size(file.size))));
}

async function send(files, as, caption) {
  if (caption === $("text").value) { $("text").value = ""; grow(); }
  for (let start = 0; start < files.length; start += 10) {
    const part = files.slice(start, start + 10);
    const form = new FormData();
    form.append("caption", start ? "" : caption);
    form.append("as", as);
    part.forEach((file) => form.append("file", file, file.name));
    await call(part.length > 1 ? "album" : as, form);
  }
}
