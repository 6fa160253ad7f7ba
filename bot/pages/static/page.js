"use strict";
// Shows what the bot sends for the one-time link and brings fingers and keys back. Keeps nothing.

const byId = (id) => document.getElementById(id);
const picture = byId("picture"), keys = byId("keys"), pen = picture.getContext("2d");
const KEYS = ["Enter", "Backspace", "Delete", "Tab", "Escape", "Home", "End",
  "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const LONGEST = 1000;

const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);  // neither in the address bar nor in the history

const address = new URL("page/ws", location.href);
address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
const socket = new WebSocket(address);
socket.binaryType = "arraybuffer";
const send = (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); };

let words = {}, over = false, live = false, zoom = 1, held = false, waiting = null;

socket.addEventListener("open", () => send({ token }));
socket.addEventListener("message", (event) => {
  if (typeof event.data === "string") told(JSON.parse(event.data));
  else if (live) draw(event.data);
  else byId("code").src = URL.createObjectURL(new Blob([event.data], { type: "image/png" }));
});
socket.addEventListener("close", () => { if (!over && words.lost) told({ say: words.lost, over: true }); });

function told(message) {
  byId("say").textContent = message.say;
  over = over || Boolean(message.over);
  if (message.words) label(message.words);
  live = !over && (live || Boolean(message.live));
  if ("code" in message) live = false;
  byId("live").hidden = !live;
  byId("code").hidden = !message.code || over;
}

function label(given) {
  words = given;
  byId("done").textContent = words.done;
  keys.placeholder = words.type;
  for (const id of ["type", "letters", "move", "back", "reload"]) {
    const element = byId(id === "type" ? "keys" : id);
    element.title = words[id];
    element.setAttribute("aria-label", words[id]);
  }
}

async function draw(bytes) {
  try {
    const image = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    if (picture.width !== image.width || picture.height !== image.height) {
      picture.width = image.width;
      picture.height = image.height;
    }
    pen.drawImage(image, 0, 0);
    image.close();
  } finally {
    send({ kind: "drawn" });
  }
}

// --- fingers and mouse -------------------------------------------------------------------------------------------

const within = (part) => Math.min(1, Math.max(0, part));
function place(event) {
  const box = picture.getBoundingClientRect();
  return { x: within((event.clientX - box.left) / box.width), y: within((event.clientY - box.top) / box.height) };
}
const moving = () => picture.classList.contains("moving");
const point = (event, what) =>
  send({ kind: "pointer", what, ...place(event), touch: event.pointerType === "touch" });

picture.addEventListener("pointerdown", (event) => {
  if (moving() || held !== false) return;
  event.preventDefault();
  held = event.pointerId;
  picture.setPointerCapture(event.pointerId);
  if (event.pointerType !== "touch") picture.focus();
  point(event, "down");
});
picture.addEventListener("pointermove", (event) => {
  if (moving() || (held === false ? event.pointerType !== "mouse" : event.pointerId !== held)) return;
  if (!waiting) requestAnimationFrame(moved);
  waiting = event;
});
function moved() {
  if (waiting) point(waiting, "move");
  waiting = null;
}
for (const ending of ["pointerup", "pointercancel"]) {
  picture.addEventListener(ending, (event) => {
    if (event.pointerId !== held) return;
    moved();
    held = false;
    point(event, "up");
  });
}
picture.addEventListener("contextmenu", (event) => event.preventDefault());
picture.addEventListener("wheel", (event) => {
  if (moving()) return;
  event.preventDefault();
  const box = picture.getBoundingClientRect();
  scroll(place(event), event.deltaX / box.width, event.deltaY / box.height);
}, { passive: false });

function scroll(at, dx, dy) {
  const bounded = (part) => Math.min(2, Math.max(-2, part));
  send({ kind: "scroll", ...at, dx: bounded(dx), dy: bounded(dy) });
}

// --- keys --------------------------------------------------------------------------------------------------------

function type(text) {
  const letters = Array.from(text);
  for (let at = 0; at < letters.length; at += LONGEST / 2) {
    send({ kind: "text", text: letters.slice(at, at + LONGEST / 2).join("") });
  }
}
function taken() {
  if (keys.value) type(keys.value);
  keys.value = "";
}
keys.addEventListener("input", (event) => { if (!event.isComposing) taken(); });
keys.addEventListener("compositionend", taken);
keys.addEventListener("keydown", (event) => {
  if (event.isComposing || !KEYS.includes(event.key)) return;
  event.preventDefault();
  send({ kind: "key", key: event.key });
});
picture.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (KEYS.includes(event.key)) send({ kind: "key", key: event.key });
  else if (Array.from(event.key).length === 1) type(event.key);
  else return;
  event.preventDefault();
});
picture.addEventListener("paste", (event) => type(event.clipboardData.getData("text")));
for (const button of document.querySelectorAll("[data-key]")) {
  button.addEventListener("pointerdown", (event) => event.preventDefault());  // the keyboard stays open
  button.addEventListener("click", () => send({ kind: "key", key: button.dataset.key }));
}

// --- tools -------------------------------------------------------------------------------------------------------

const press = (id, deed) => byId(id).addEventListener("click", deed);
const toggle = (button) => {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
};
function magnify(by) {
  zoom = Math.min(4, Math.max(1, zoom * by));
  picture.style.width = `${100 * zoom}%`;
}
press("bigger", () => magnify(1.5));
press("smaller", () => magnify(1 / 1.5));
press("move", () => picture.classList.toggle("moving", toggle(byId("move"))));
press("letters", () => { keys.type = toggle(byId("letters")) ? "text" : "password"; keys.focus(); });
press("up", () => scroll({ x: 0.5, y: 0.5 }, 0, -0.5));
press("down", () => scroll({ x: 0.5, y: 0.5 }, 0, 0.5));
press("back", () => send({ kind: "go", where: "back" }));
press("reload", () => send({ kind: "go", where: "reload" }));
press("done", () => { byId("done").disabled = true; send({ kind: "done" }); });
