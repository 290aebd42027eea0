
export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".threads");
  const part = parts(root);
  const send = sender(component);

  part("search", data.any, () => data.any ? el("input", {
    type: "search", placeholder: "Search conversations", "aria-label": "Search conversations", value: data.words, maxlength: 200,
    oninput: (event) => {
      const words = event.target.value;
      clearTimeout(root.typing);
      root.typing = setTimeout(() => send("search-threads", { words }), 300);
    },
  }) : []);

  const row = (one) => {
    const acts = el("div", { class: "acts", role: "group", "aria-label": `Change “${one.title}”`, hidden: true });
    const opener = el("button", { type: "button", class: "opener", text: "⋯", title: "Rename, export or delete", "aria-label": `Rename, export or delete: ${one.title}`, "aria-expanded": "false" });
    const close = () => { acts.hidden = true; opener.setAttribute("aria-expanded", "false"); opener.focus(); };
    const act = (text, run) => el("button", { type: "button", text, onclick: run });
    const first = () => acts.replaceChildren(
      act("Rename", rename),
      act("Export as Markdown", () => { send("export-thread", { thread: one.id, format: "markdown" }); close(); }),
      act("Export as JSON", () => { send("export-thread", { thread: one.id, format: "json" }); close(); }),
      act("Delete", () => send("delete-thread", { thread: one.id })));
    const rename = () => {
      const title = el("input", { value: one.title, maxlength: 120, "aria-label": "Title" });
      acts.replaceChildren(el("form", { onsubmit: (event) => {
        event.preventDefault();
        if (title.value.trim()) send("rename-thread", { thread: one.id, title: title.value.trim() });
        root.renamed = one.id;
        close();
      } }, title, el("button", { type: "submit", text: "Rename" }), act("Cancel", close)));
      title.focus();
      title.select();
    };
    opener.onclick = () => {
      if (!acts.hidden) return close();
      first();
      acts.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      acts.firstChild.focus();
    };
    acts.onkeydown = (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } };
    return el("li", { class: one.current ? "current" : "" },
      el("button", { type: "button", class: "open", "aria-current": one.current ? "true" : null, onclick: () => send("open-thread", { thread: one.id }) },
        el("span", { class: "title", text: one.title, dir: "auto" }), el("small", { class: "about", text: one.about })),
      opener, acts);
  };
  part("rows", data.rows, () => {
    const at = data.rows.findIndex((one) => one.id === root.renamed);
    root.renamed = null;
    if (at >= 0) queueMicrotask(() => root.querySelectorAll(".opener")[at].focus());  // the rows are made anew
    return data.rows.length ? el("ul", {}, ...data.rows.map(row)) : [];
  });
  part("more", data.more, () => data.more > 0 ? el("button", { type: "button", text: `Show more (${data.more})`, onclick: () => send("more-threads") }) : []);
  const told = root.querySelector(".told");
  if (told.textContent !== data.told) told.textContent = data.told;

  if (data.export) download(data.export, data.export.text, send);
}
