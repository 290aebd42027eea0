export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".article-list");
  const send = sender(component);
  const row = (one) => {
    const cell = el("div", { class: "tools" });
    const ask = () => {
      const yes = el("button", { type: "button", class: "sure", "aria-label": `Delete ${one.title} for good`, text: "Delete for good", onclick: () => { root.deleted = one.id; send("delete", { article: one.id }); } });
      cell.replaceChildren(yes, el("button", { type: "button", text: "Keep", onclick: () => { cell.replaceChildren(edit, del); del.focus(); } }));
      yes.focus();
    };
    const edit = el("button", { type: "button", "aria-label": `Edit ${one.title}`, text: "Edit", "data-key": `edit ${one.id}`, onclick: () => send("edit", { article: one.id }) });
    const del = el("button", { type: "button", "aria-label": `Delete ${one.title}`, text: "Delete", onclick: ask });
    cell.append(edit, del);
    return el("li", {},
      el("div", {},
        el("p", { class: "where", text: one.where }, one.status && el("strong", { text: ` ${one.status}` }), one.edited && el("span", { class: "label", text: ` · ${one.edited}` })),
        el("button", { type: "button", class: one.named ? "headline" : "headline unnamed", dir: "auto", text: one.title, onclick: () => send("open", { article: one.id }) })),
      cell);
  };
  const { editing, ...drawn } = data;
  parts(root)("list", drawn, () => [
    el("p", { class: "label told", role: "status", tabindex: -1, text: data.told }),
    data.advice ? el("p", { class: "hint", text: data.advice }) : null,
    el("ol", {}, ...data.rows.map(row)),
    data.pages > 1 ? el("nav", { "aria-label": "Pages" },
      el("button", { type: "button", text: "← Back", disabled: data.page === 0, onclick: () => send("page", { page: data.page - 1 }) }),
      el("span", { class: "label", text: `Page ${(data.page + 1).toLocaleString("en")} of ${data.pages.toLocaleString("en")}` }),
      el("button", { type: "button", text: "Further →", disabled: data.page + 1 >= data.pages, onclick: () => send("page", { page: data.page + 1 }) })) : null,
  ]);
  if (root.editing && !editing) {  // the dialog has been closed
    const edited = `edit ${root.editing}`;
    refocus(() => [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key === edited) ?? root.querySelector(".told"));
  }
  root.editing = editing;
  if (root.deleted && !data.rows.some((one) => one.id === root.deleted)) {  // the focus was on its button
    root.deleted = null;
    root.querySelector(".told").focus();
  }
}
