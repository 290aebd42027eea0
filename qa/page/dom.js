// Prepended to every component's script. All text reaches the page through `el`, as textContent and never as HTML.
const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

// Rebuilds a part only if its data changed, so that focus, open details and scroll positions survive reruns. If it is
// rebuilt, the focus stays on the element of the same "data-key".
const parts = (root) => {
  const known = (root.known ??= new Map());
  return (name, value, build) => {
    const signature = JSON.stringify(value);
    if (known.get(name) === signature) return;
    known.set(name, signature);
    const place = root.querySelector(`[data-part="${name}"]`), focused = root.getRootNode().activeElement;
    const key = place.contains(focused) ? focused.dataset.key : null;
    place.replaceChildren(...[build(value)].flat().filter(Boolean));
    if (key) [...place.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus({ preventScroll: true });
  };
};

// Returns what tells the server of an event. The last ones are sent again with each new one: of two that are sent at nearly
// the same time, Streamlit may pass on only the later. The server knows by their ids which ones it has handled.
//
// What is `moving` is drawn by a fragment of the page. Streamlit drops what comes from a fragment that is gone. So a button
// sends through the component as it was drawn last, and what was sent before a fragment went is sent once more.
const sender = (component, moving = false) => {
  const place = component.parentElement, moved = place.moving && !moving;
  Object.assign(place, { component, moving });
  if (moved && place.sent) setTimeout(() => place.component.setStateValue("events", place.sent));
  return (kind, more = {}) => {
    place.sent = [...(place.sent ?? []), { id: `${Date.now()} ${Math.random()}`, kind, ...more }].slice(-10);
    place.component.setStateValue("events", place.sent);
  };
};

// Puts a text into a field of Streamlit's, which notices it as if it had been typed.
const write = (field, text) => {
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

// Downloads a file once, however often its data arrive, and tells the server, which sends them until then.
const download = (file, content, send) => {
  const known = (globalThis.downloaded ??= new Set());
  if (known.has(file.key)) return;
  known.add(file.key);
  const link = el("a", { href: URL.createObjectURL(new Blob([content], { type: file.type })), download: file.name });
  link.click();
  URL.revokeObjectURL(link.href);
  send("downloaded", { file: file.key });
};

// What has the focus, inside of components too.
const focused = (root = document) => root.activeElement?.shadowRoot?.activeElement ? focused(root.activeElement.shadowRoot) : root.activeElement;

// Gives the focus to what `find` returns, as soon as what has the focus now is gone, hidden or disabled and no dialog is
// open, unless something else has the focus by then.
const refocus = (find, tries = 200, before = focused()) => setTimeout(() => {
  const open = document.querySelector("[role=dialog]"), gone = before === document.body || !before?.checkVisibility() || before.matches(":disabled");
  if (gone && !open && focused() === document.body) find()?.focus({ preventScroll: true });
  if ((open || [document.body, before].includes(focused())) && tries) refocus(find, tries - 1, before);
}, 150);
