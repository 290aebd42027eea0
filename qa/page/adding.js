export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".adding");
  const send = sender(component);
  const line = (one) => el("li", {},
    one.failed ? el("span", { class: "what", text: "✗ Not added " }) : null,
    el("span", { dir: "auto", text: `${one.name}${one.words ? ": " : ""}` }),
    one.article
      ? el("button", { type: "button", dir: "auto", text: one.words || "Open", onclick: () => send("open", { article: one.article }) })
      : el("span", { dir: "auto", text: one.words }),
    one.note ? el("span", { text: ` (${one.note})` }) : null,
    one.article && data.editable
      ? el("button", { type: "button", class: "edit", "aria-label": `Edit ${one.words}`, text: "Edit", onclick: () => send("edit", { article: one.article }) })
      : null);
  parts(root)("summary", data, () => el("div", { class: "bar" },
    data.lines.length
      ? el("details", { open: data.open },
        el("summary", { dir: "auto", text: data.summary }),
        el("ul", {}, ...data.lines.map(line), data.more ? el("li", { text: data.more }) : null))
      : el("p", { dir: "auto", text: data.summary || data.error }),
    data.error && data.summary ? el("p", { class: "error", text: data.error }) : null,
    el("button", { type: "button", text: "Dismiss", onclick: () => send("dismiss") })));
}
