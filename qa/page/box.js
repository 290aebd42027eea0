
const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"];  // with which a reader scrolls, or looks at something

// What belongs to the ask box: active filters, waiting questions, Stop. It also keeps the place of the newest question.
export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".box");
  const part = parts(root);
  const send = sender(component);

  part("filters", data.filters, () => data.filters.length ? [
    el("small", { text: "Searching only:" }),
    ...data.filters.map(({ name, value, text }) => el("button", {
      type: "button", class: "filter", text, dir: "auto", "aria-label": `Remove the filter: ${text}`,
      onclick: () => send("unfilter", { name, value }),
    })),
  ] : []);
  part("stop", data.running, () => data.running ? el("button", {
    class: "stop", type: "button", text: "Stop", onclick: () => send("stop", { turn: data.running }),
  }) : []);
  part("queue", data.queue, () => data.queue.length ? el("ol", { "aria-label": "Asked next" }, ...data.queue.map((text) =>
    el("li", {}, el("small", { text: "Next:" }), el("span", { text, dir: "auto" }),
      el("button", { type: "button", text: "Remove", "aria-label": `Do not ask: ${text}`, onclick: () => send("unqueue", { question: text }) })))) : []);

  const box = () => document.querySelector(".st-key-askbox textarea");
  // A question is sent from here. What the box itself sends, Streamlit passes on once, and if a part of the page is drawn in
  // the same moment, it may lose it or pass it on twice.
  root.submit ??= (event) => {
    const inner = event.composedPath()[0], field = box(), plain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
    const meant = event.type === "click" ? inner.closest?.(".st-key-askbox [data-testid=stChatInputSubmitButton]") : inner === field && event.key === "Enter" && plain;
    if (!meant || !field?.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send("ask", { question: field.value });
    write(field, "");
  };
  for (const kind of ["keydown", "click"]) addEventListener(kind, root.submit, { capture: true });  // before the box has it
  const typing = (node) => node?.closest?.("input, textarea, select, [contenteditable=true], [role=combobox], [role=dialog]");
  // What had the focus may soon be gone: the filter that was removed, the question that was offered and asked. The focus
  // then goes to the next filter or to the box. Not on a touch screen, where it would bring up the keyboard.
  const changed = (root.asked !== undefined && root.asked !== data.newest) || (root.filters > data.filters.length);
  root.asked = data.newest;
  root.filters = data.filters.length;
  let looks = 0;
  const catchFocus = () => {  // the box cannot have it before the library of the question has articles
    if (document.activeElement === document.body) (root.querySelector(".filter") ?? box())?.focus({ preventScroll: true });
    if (document.activeElement === document.body && looks++ < 50) root.catching = setTimeout(catchFocus, 400);
  };
  if (changed && matchMedia("(hover: hover)").matches) {
    clearTimeout(root.catching);
    root.catching = setTimeout(catchFocus, 400);
  }
  root.slash ??= (event) => {
    const inner = event.composedPath()[0];
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(inner)) return;
    event.preventDefault();
    box()?.focus();
  };
  document.removeEventListener("keydown", root.slash);
  document.addEventListener("keydown", root.slash);

  // The newest question is brought to the top of the window. Below a short answer there is room for that, and the room
  // shrinks while the answer grows, so nothing jumps.
  const page = document.documentElement.style;
  const newest = () => data.newest && document.querySelector(`.st-key-turn-${data.newest}`);
  const main = document.querySelector(".stMain");
  const header = () => parseFloat(getComputedStyle(main).getPropertyValue("--top")) || 0;
  const rest = () => {
    const turn = newest(), bar = document.querySelector(".st-key-askbox");
    if (!turn || !bar || !data.follows) {
      page.removeProperty("--room");
      return;
    }
    const room = main.clientHeight - header() - end(turn) - bar.parentElement.offsetHeight - 16;
    page.setProperty("--room", `${Math.max(0, Math.round(room))}px`);
  };
  // Height of what stands between the top of the newest question and the room: its answer and what is suggested next.
  const end = (turn) => {
    const last = document.querySelector(".st-key-next") ?? turn;
    return last.getBoundingClientRect().bottom - turn.getBoundingClientRect().top;
  };
  root.watch?.disconnect();
  root.watch = new ResizeObserver(() => { rest(); place(); });
  // While a conversation is drawn, what stands above the newest question grows. Its place is kept until the reader moves.
  const place = () => {
    const turn = newest();
    if (turn && root.placing) main.scrollTo({ top: main.scrollTop + turn.getBoundingClientRect().top - main.getBoundingClientRect().top - header(), behavior: "instant" });
  };
  root.moved ??= (event) => { if (!event.composedPath().some((node) => node.classList?.contains("st-key-askbox"))) root.placing = false; };
  for (const kind of MOVES) {
    document.removeEventListener(kind, root.moved);
    document.addEventListener(kind, root.moved, { passive: true });
  }
  let tries = 0;
  const settle = () => {
    const turn = newest();
    if (!turn || !turn.offsetHeight) {
      if (data.newest && tries++ < 120) requestAnimationFrame(settle);
      return;
    }
    if (root.shown !== data.newest) root.placing = data.follows;
    root.shown = data.newest;
    for (const node of [turn, document.querySelector(".st-key-next"), document.querySelector(".st-key-conversation")]) {
      if (node) root.watch.observe(node);
    }
    rest();
    place();
  };
  settle();

  return () => {
    clearTimeout(root.catching);
    document.removeEventListener("keydown", root.slash);
    for (const kind of ["keydown", "click"]) removeEventListener(kind, root.submit, { capture: true });
    for (const kind of MOVES) document.removeEventListener(kind, root.moved);
    root.watch.disconnect();
    page.removeProperty("--room");
  };
}
