
// The last thing that was deleted, which can be had back.
export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".undo");
  const send = sender(component);
  root.querySelector(".told").textContent = data.words;
  parts(root)("acts", data.count > 0, () => [
    el("button", { type: "button", class: "back", text: "Undo", "data-key": "undo", onclick: () => send("undo") }),
    el("button", { type: "button", text: "✕", "aria-label": "Dismiss", title: "Dismiss", onclick: () => send("undone") }),
  ]);
  // What had the focus was deleted with its row.
  if ((root.count ?? 0) < data.count) refocus(() => root.querySelector(".back"));
  root.count = data.count;
  return () => refocus(() => document.querySelector(".st-key-askbox textarea") ?? document.querySelector(".stMain"));
}
