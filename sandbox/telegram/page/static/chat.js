// The chat: takes the state once, then follows the stream of events and redraws only what changed.
import { $, call, copy, day, language, make, mine, paintAvatar, personId, texts, toast, withBot, clock } from "./kit.js";
import { bubble, summary } from "./bubbles.js";
import { setCommands, setReplyKeyboard, startComposer } from "./composer.js";

const KEPT_ON_SCREEN = 400;
const messages = new Map();
const pressed = new Map();
const drawn = new Map();
let state = null;

async function load() {
  for (;;) {
    try {
      const response = await fetch(mine("messages"));
      if (response.ok) { state = await response.json(); break; }
      status(response.status === 503 ? texts.waiting_bot : await response.text());
    } catch {
      status(texts.offline);
    }
    await new Promise((resume) => setTimeout(resume, 1000));
  }
  messages.clear();
  state.messages.forEach((message) => messages.set(message.message_id, message));
  redrawAll();
}

function redrawAll() {
  $("bot-name").textContent = state.bot.first_name;
  paintAvatar($("bot-avatar"), state.bot.id, state.bot.first_name);
  document.title = state.bot.first_name;
  status(texts.bot);
  setCommands(state.commands);
  showDoor();
  draw(true);
  markRead();
}

function status(text) { $("bot-status").textContent = text; }

let actionEnds = 0;
function showAction(action) {
  clearTimeout(actionEnds);
  status(action === "upload_photo" ? texts.sends_photo : action === "upload_document" ? texts.sends_file : texts.typing);
  actionEnds = setTimeout(() => status(texts.bot), 5000);
}

// Before /start and while blocked there is one button in place of the text box.
function showDoor() {
  const closed = !state.started || state.blocked;
  $("composer").hidden = closed;
  $("start").hidden = !closed;
  $("start").textContent = state.blocked ? texts.unblock : texts.start;
  $("block").disabled = closed;
}

function groups() {
  const found = [];
  for (const message of [...messages.values()].sort((a, b) => a.message_id - b.message_id).slice(-KEPT_ON_SCREEN)) {
    const last = found[found.length - 1];
    if (message.media_group_id && last?.[0].media_group_id === message.media_group_id) last.push(message);
    else found.push([message]);
  }
  return found;
}

function draw(toBottom = false) {
  const scroll = $("scroll");
  const atBottom = toBottom || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const wanted = [];
  let shownDay = "";
  const all = groups();
  for (const group of all) {
    const today = day(group[0].date);
    if (today !== shownDay) wanted.push(keyed(`day ${today}`, today, () => make("div", { class: "service day" }, make("span", {}, today))));
    shownDay = today;
    wanted.push(keyed(String(group[0].message_id), JSON.stringify(group), () => bubble(group, actions)));
  }
  if (!all.length) wanted.push(keyed("about", state.bot.description, about));
  settle(wanted);
  fitQuotes();
  showPinned();
  const withKeys = [...messages.values()].filter((message) => message.reply_markup?.keyboard || message.reply_markup?.remove_keyboard);
  setReplyKeyboard(withKeys.sort((a, b) => a.message_id - b.message_id).pop()?.reply_markup);
  if (atBottom) scroll.scrollTop = scroll.scrollHeight;
}

function about() {
  return make("div", { class: "service about" }, make("span", {}, make("b", {}, texts.about_bot), state.bot.description || texts.no_messages));
}

function keyed(key, signature, build) {
  const known = drawn.get(key);
  if (known?.signature === signature) return known.element;
  const element = build();
  if (known) reopen(known.element, element);
  else element.classList.add("fresh");
  drawn.set(key, { signature, element });
  return element;
}

// What a person unfolded stays unfolded when the message is edited under their eyes.
function reopen(before, after) {
  const quotes = before.querySelectorAll(".folding");
  after.querySelectorAll(".folding").forEach((quote, index) => {
    if (quotes[index] && !quotes[index].classList.contains("folded")) quote.querySelector(".fold").click();
  });
}

function settle(wanted) {
  const log = $("log");
  const keep = new Set(wanted);
  for (const child of [...log.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((element, index) => { if (log.children[index] !== element) log.insertBefore(element, log.children[index] || null); });
  for (const [key, { element }] of drawn) if (!keep.has(element)) drawn.delete(key);
}

function fitQuotes() {
  for (const quote of document.querySelectorAll(".folding.folded:not([data-fitted])")) {
    quote.dataset.fitted = "";
    const inner = quote.firstElementChild;
    if (inner.scrollHeight <= inner.clientHeight + 2) quote.classList.add("short");
  }
}

function showPinned() {
  const id = state.pinned[state.pinned.length - 1];
  const message = messages.get(id);
  $("pinned").hidden = !message;
  $("pinned").lastElementChild.textContent = message ? summary(message) : "";
  $("pinned").onclick = () => actions.jump(id);
}

const actions = {
  copy,
  view(url) {
    $("viewer").querySelector("img").src = url;
    $("viewer").showModal();
  },
  jump(id) {
    document.querySelector(`[data-message-id="${id}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" });
  },
  async press(message, button, element) {
    element.classList.add("busy");
    element.setAttribute("aria-busy", "true");
    const done = await call("press", { message_id: message.message_id, data: button.callback_data });
    if (done && !answered.has(done.callback_query_id)) pressed.set(done.callback_query_id, element);
    else rest(element);
    setTimeout(() => rest(element), 30000);
  },
};
const answered = new Set();

function rest(element) {
  element?.classList.remove("busy");
  element?.removeAttribute("aria-busy");
}

function showAnswer(answer) {
  answered.add(answer.callback_query_id);
  rest(pressed.get(answer.callback_query_id));
  pressed.delete(answer.callback_query_id);
  if (answer.user_id !== personId) return;
  if (answer.url) window.open(answer.url, "_blank", "noopener");
  if (!answer.text) return;
  if (!answer.show_alert) { toast(answer.text); return; }
  $("alert-text").textContent = answer.text;
  $("alert").showModal();
}

const handlers = {
  message(event) {
    messages.set(event.message_id, event);
    status(texts.bot);
    if (!event.outgoing) { state.started = true; state.blocked = false; showDoor(); }
    draw(!event.outgoing);
    refreshPeople();
    hintBelow(event);
    markRead();
  },
  edit(event) { messages.set(event.message_id, event); draw(); },
  delete(event) { messages.delete(event.message_id); draw(); },
  answer: showAnswer,
  action(event) { showAction(event.action); },
  pin(event) {
    state.pinned = state.pinned.filter((id) => id !== event.message_id).concat(event.pinned ? [event.message_id] : []);
    draw();
  },
  async commands() { setCommands((await (await fetch(mine("messages"))).json()).commands); },
  bot: load,
  block(event) { state.blocked = event.blocked; showDoor(); },
  unread: refreshPeople,
  read: refreshPeople,
};

function follow() {
  const stream = new EventSource(mine("events", { since: state.version }));
  stream.onmessage = ({ data }) => {
    const { kind, ...event } = JSON.parse(data);
    handlers[kind]?.(event);
  };
  stream.onopen = () => status(texts.bot);
  stream.onerror = () => {
    status(texts.offline);
    if (stream.readyState === EventSource.CLOSED) setTimeout(loadAndFollow, 500);
  };
}

async function loadAndFollow() {
  await load();
  follow();
}

let below = 0;
function hintBelow(message) {
  const scroll = $("scroll");
  const away = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight > 120;
  below = away && message.outgoing ? below + 1 : below;
  showDown();
}
function showDown() {
  const scroll = $("scroll");
  const away = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight > 120;
  if (!away) below = 0;
  $("down").hidden = !away;
  $("down").lastElementChild.hidden = !below;
  $("down").lastElementChild.textContent = below;
}

function markRead() {
  if (document.visibilityState === "visible") call("read");
}

let refreshing = 0;
function refreshPeople() {
  clearTimeout(refreshing);
  refreshing = setTimeout(drawPeople, 80);
}

async function drawPeople() {
  const response = await fetch(withBot("/_page/people")).catch(() => null);
  if (!response?.ok) return;
  const { people } = await response.json();
  $("people").replaceChildren(...people.map((person) => {
    const name = texts[`role_${person.username}`] || person.name;
    const avatar = make("span", { class: "avatar", "aria-hidden": "true" });
    paintAvatar(avatar, person.id, name);
    const count = person.unread ? make("b", { class: "unread", "aria-label": `${person.unread} ${texts.unread}` }, String(person.unread)) : null;
    return make("li", {}, make("a", { href: withBot(`/chat/${person.id}`), "aria-current": person.id === personId ? "page" : null }, avatar,
      make("span", { class: "line" }, make("strong", {}, name), make("time", {}, person.last ? clock(person.last.date) : "")),
      make("span", { class: "line" }, make("span", { class: "last" }, summary(person.last)), count)));
  }));
}

async function start() {
  drawPeople();
  if (personId === null) {
    setInterval(drawPeople, 3000);
    return;
  }
  startComposer();
  $("start").addEventListener("click", () => call("start"));
  $("block").addEventListener("click", async () => { await call("block"); state.blocked = true; showDoor(); $("block").closest("details").open = false; });
  $("scroll").addEventListener("scroll", showDown, { passive: true });
  $("down").addEventListener("click", () => $("scroll").scrollTo({ top: $("scroll").scrollHeight, behavior: "smooth" }));
  document.addEventListener("visibilitychange", markRead);
  $("log").addEventListener("load", () => showDown(), true);
  await loadAndFollow();
}

document.documentElement.lang = language;
start();
