export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".notebook");
  const part = parts(root);
  const send = sender(component);
  const button = (text, onclick, more = {}) => el("button", { type: "button", text, onclick, ...more });
  // What is pressed may be drawn anew by the run that follows. The focus then goes to what took its place.
  const act = (name, run) => (event) => { root.acted = name; run(event); };
  const asking = (label, value, submit, onsubmit, cancel) => {
    const field = el("input", { value, maxlength: 120, "aria-label": label, placeholder: label });
    const form = el("form", { onsubmit: (event) => { event.preventDefault(); if (field.value.trim()) onsubmit(field.value.trim()); } },
      field, el("button", { type: "submit", text: submit }), button("Cancel", cancel));
    form.onkeydown = (event) => { if (event.key === "Escape") { event.stopPropagation(); cancel(); } };
    requestAnimationFrame(() => { field.focus(); field.select(); });
    return form;
  };

  part("collections", data.collections, () => {
    const cell = el("li");
    const back = () => { cell.replaceChildren(make); make.focus(); };
    const make = button("New collection", () => cell.replaceChildren(asking("Title", "", "Create", (title) => { send("create-collection", { title }); back(); }, back)));
    cell.append(make);
    return el("nav", { "aria-label": "Collections" }, el("ul", { class: "shelf" },
      ...data.collections.map((one) => el("li", {}, button(`${one.title} (${one.size})`, act(`open ${one.id}`, () => send("open-collection", { collection: one.id })), {
        dir: "auto", "aria-current": one.current ? "true" : null, "data-act": `open ${one.id}` }))),
      cell));
  });

  part("head", [data.open, data.told, data.checking, data.collections.length], () => {
    const open = data.open;
    if (!open) return el("p", { class: "summary", text: data.told });
    const heading = el("div", {}, el("h2", { text: open.title, dir: "auto" }));
    const more = el("span", { class: "tools", hidden: true });
    const opener = button("⋯", () => {
      if (!more.hidden) return close();
      first();
      more.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      more.firstChild.focus();
    }, { "aria-label": "Rename, move or delete this collection", title: "Rename, move or delete", "aria-expanded": "false" });
    const close = () => { more.hidden = true; opener.setAttribute("aria-expanded", "false"); opener.focus(); };
    const back = () => { heading.replaceChildren(el("h2", { text: open.title, dir: "auto" })); close(); };
    const shift = (text, by, label, off) => button(text, act(`shift ${by}`, () => send("shift-collection", { collection: open.id, by })), { "aria-label": label, title: label, disabled: off });
    const at = data.collections.findIndex((one) => one.id === open.id);
    const first = () => more.replaceChildren(
      button("Rename", () => heading.replaceChildren(asking("Title", open.title, "Rename", (title) => { send("rename-collection", { collection: open.id, title }); back(); }, back))),
      shift("←", -1, "Move this collection to the left", at <= 0), shift("→", 1, "Move this collection to the right", at >= data.collections.length - 1),
      button("Delete", () => send("delete-collection", { collection: open.id })));
    more.onkeydown = (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } };
    const save = (text, ending) => button(text, () => send("export-collection", { collection: open.id, ending }), { "aria-label": `Save as ${text}`, disabled: !data.entries.length });
    return el("div", { class: "head" }, heading,
      el("div", { class: "tools", role: "group", "aria-label": "This collection" },
        el("span", { class: "label", text: "Save as" }), save("Word", ".docx"), save("Markdown", ".md"), save("JSON", ".json"),
        button("Check against today’s library", act("check", () => send("check-collection", { collection: open.id })), { disabled: data.checking || !data.entries.length, "data-act": "check" }),
        el("span", { class: "gap" }), opener),
      more,
      el("p", { class: "summary", role: "status", text: data.told }));
  });

  const pieces = (runs) => runs.map(({ text, answers }) => (answers ? el("strong", { text }) : text));
  const tag = ({ text, why }) => el("span", { class: "tag", title: why, text });
  const spaced = (nodes) => nodes.flatMap((node) => [node, " "]);
  const chip = (one, number, short = "") => {
    const found = one.sources.find((source) => source.number === number);
    return found ? el("button", { type: "button", class: "chip", "data-place": `${one.id} ${number}`, "aria-label": `Source ${number}: ${found.where}, ${found.title}`,
      onclick: () => send("open", { kept: one.id, number }) }, el("span", { text: number }), short && el("span", { class: "outlet", text: ` ${short}`, dir: "auto" })) : null;
  };
  const verdict = (one) => one.checked ? el("div", { class: `verdict${one.checked.verdict === "stands" ? " stands" : ""}` },
    el("strong", { text: one.checked.word }), one.checked.detail ? el("p", { text: one.checked.detail, dir: "auto" }) : null,
    one.checked.by.length ? el("ul", {}, ...one.checked.by.map((found) => el("li", {},
      button(found.number, () => send("open", { kept: one.id, number: found.number }), { class: "chip", "data-place": `${one.id} ${found.number}`, "aria-label": `Source ${found.number}: ${found.where}` }),
      ` ${found.where}: `, el("q", { text: found.quote, dir: "auto" })))) : null) : null;

  const entry = (one, at) => {
    const remark = el("div");
    const show = () => remark.replaceChildren(...(one.comment ? [el("p", { class: "remark", dir: "auto", text: one.comment })] : []));
    const write = () => {
      const text = el("textarea", { rows: 3, maxlength: 4000, "aria-label": "Comment", text: one.comment });
      const back = () => { show(); comment.focus(); };
      const save = button("Save comment", act(`comment ${one.id}`, () => { if (text.value.trim() === one.comment) back(); else send("comment-kept", { entry: one.id, comment: text.value }); }));
      remark.replaceChildren(text, el("div", { class: "tools" }, save, button("Cancel", back)));
      remark.onkeydown = (event) => { if (event.key === "Escape") { event.stopPropagation(); back(); } };
      text.focus();
    };
    const comment = button(one.comment ? "Edit comment" : "Comment", write, { "data-act": `comment ${one.id}` });
    const move = (text, by, label, off) => button(text, act(`reorder ${by} ${one.id}`, () => send("reorder-kept", { entry: one.id, by })), { "aria-label": label, title: label, disabled: off, "data-act": `reorder ${by} ${one.id}` });
    const tools = el("div", { class: "tools", role: "group", "aria-label": "This entry" });
    const usual = () => {
      const others = data.collections.filter((other) => !other.current);
      const target = el("select", { "aria-label": "Other collection" }, ...others.map((other) => el("option", { value: other.id, text: other.title })));
      const away = button("Move to …", () => {
        tools.replaceChildren(target, button("Move", act("head", () => send("move-kept", { entry: one.id, collection: target.value }))), button("Cancel", () => { usual(); tools.querySelector(".away").focus(); }));
        target.focus();
      }, { class: "away" });
      const remove = button("Remove", () => send("remove-kept", { entry: one.id }));
      tools.replaceChildren(...[comment, move("↑", -1, "Move up", at === 0), move("↓", 1, "Move down", at === data.entries.length - 1), others.length ? away : null, remove].filter(Boolean));
    };
    show();
    usual();
    const { claim } = one;
    return el("li", { class: "entry" },
      el("p", { class: "claim" },
        ...(claim.lead ? [tag(claim.lead), " "] : []),
        ...spaced(claim.parts.map(({ quoted, runs }) => el("span", { class: quoted ? "words" : "told", dir: "auto" }, ...pieces(runs)))),
        ...spaced([...claim.numbers.map((number) => chip(one, number, one.sources.find((source) => source.number === number)?.short)), ...claim.tags.map(tag)]),
        ...(claim.context.length ? [el("small", { text: claim.tags.length ? "from " : "day or name from " }), ...spaced(claim.context.map((number) => chip(one, number)))] : [])),
      el("p", { class: "by", text: claim.by, dir: "auto" }),
      ...claim.changes.map((text) => el("p", { class: "change", text, dir: "auto" })),
      verdict(one),
      el("p", { class: "asked", text: one.about, dir: "auto" }),
      remark, tools);
  };
  part("entries", [data.entries, data.collections], () => data.entries.length ? el("ol", { "aria-label": "Entries" }, ...data.entries.map(entry)) : []);

  for (const one of root.querySelectorAll(".chip")) one.classList.toggle("current", one.dataset.place === data.current);
  if (root.acted && root.drawn !== data) {
    const found = [...root.querySelectorAll("[data-act]")].find((one) => one.dataset.act === root.acted);
    const other = found?.disabled ? [found.nextElementSibling, found.previousElementSibling].find((one) => one && !one.disabled) : found;
    if (other && !root.contains(root.getRootNode().activeElement)) other.focus();
  }
  root.drawn = data;

  if (data.file) download(data.file, Uint8Array.from(atob(data.file.base64), (sign) => sign.charCodeAt(0)), send);
}
