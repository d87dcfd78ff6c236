// The page of r9: shows what the event stream brings, and sends what is typed.

/** How many lines of talk the page keeps. */
const MOST_LINES = 500;
/** A user's message. Any other line is a notice. */
const SAID = /^([A-Za-z0-9][\w-]{1,19}): (.*)$/s;

const [status, again, talk, rooms, users] = [
  "status",
  "again",
  "talk",
  "rooms",
  "users",
].map((id) => document.getElementById(id));
const [line, room] = ["line", "room"].map((id) => document.getElementById(id));
/** Proves that our requests are this user's; undefined until the stream brings it. */
let key;
/** The last request. Each waits for the previous one, so that none overtakes another. */
let sent = Promise.resolve();
// It scrolls, so keyboard users must be able to focus it.
talk.tabIndex = 0;

/** Joins the chat. The user stays in it as long as the stream is open. */
function join() {
  const events = new EventSource("events");
  again.hidden = true;
  status.textContent = "Connecting …";
  events.addEventListener("key", ({ data }) => {
    key = data;
  });
  events.addEventListener("message", ({ data }) => show(data));
  events.addEventListener("here", ({ data }) => showHere(JSON.parse(data)));
  events.addEventListener("rooms", ({ data }) => showRooms(JSON.parse(data)));
  // Do not reconnect automatically: that would be another user, with another name.
  events.addEventListener("error", () => {
    events.close();
    status.textContent = key ? "You have left the chat." : "Cannot join the chat now.";
    key = undefined;
    again.hidden = false;
    rooms.replaceChildren();
    users.replaceChildren();
  });
}

/** Shows a line of the chat as text, whatever it contains. */
function show(text) {
  const isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
  const element = document.createElement("p");
  const [, name, words] = SAID.exec(text) ?? [];
  if (name === undefined) {
    element.className = "notice";
    element.textContent = text;
  } else {
    const who = document.createElement("strong");
    who.textContent = name;
    element.append(who, `: ${words}`);
  }
  talk.append(element);
  if (talk.childElementCount > MOST_LINES) talk.firstElementChild.remove();
  if (isAtEnd) talk.scrollTop = talk.scrollHeight;
}

function showHere({ you, room, count, users: names }) {
  status.textContent = `You are ${you} in ${room}`;
  const more = count - names.length;
  const texts = more > 0 ? [...names, `and ${more} more`] : names;
  users.replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
  rooms.dataset.here = room;
  markRoom();
}

/** Keeps the items that are still needed, so that a focused button keeps the focus. */
function showRooms(list) {
  const before = new Map([...rooms.children].map((item) => [item.dataset.name, item]));
  const items = list.map(([name, size]) => {
    const item = before.get(name) ?? newRoom(name);
    before.delete(name);
    item.querySelector("span").textContent = size;
    return item;
  });
  for (const item of before.values()) item.remove();
  items.forEach((item, at) => {
    if (rooms.children[at] !== item) rooms.insertBefore(item, rooms.children[at] ?? null);
  });
  markRoom();
}

function newRoom(name) {
  const item = document.createElement("li");
  item.dataset.name = name;
  const button = document.createElement("button");
  button.type = "button";
  button.append(name, document.createElement("span"));
  button.addEventListener("click", () => send(`/join ${name}`));
  item.append(button);
  return item;
}

function markRoom() {
  for (const item of rooms.children) {
    const button = item.firstElementChild;
    if (item.dataset.name === rooms.dataset.here)
      button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** Sends a line after all earlier ones. */
function send(text) {
  sent = sent.then(async () => {
    if (key === undefined) return;
    try {
      const headers = { "Chat-Key": key, "Content-Type": "text/plain;charset=utf-8" };
      const answer = await fetch("say", { method: "POST", headers, body: text });
      if (!answer.ok) show(`Not sent: ${text} (${answer.status})`);
    } catch {
      show(`Not sent: ${text} (no connection)`);
    }
  });
}

/** Makes a form send its field's text, unless the field is empty. */
function sends(form, field, lineOf) {
  document.getElementById(form).addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value !== "") send(lineOf(field.value));
    field.value = "";
    field.focus();
  });
}

sends("speak", line, (text) => text);
sends("join", room, (name) => `/join ${name}`);
again.addEventListener("click", () => {
  join();
  line.focus();
});
join();
