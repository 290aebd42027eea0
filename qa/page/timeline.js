export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".timeline");
  const send = sender(component), open = (number) => send("open", { timeline: true, number });
  const source = (one) => el("button", {
    type: "button", class: "source", "aria-label": `Show sentence ${one.number} in its article: ${one.where}`,
    "aria-pressed": one.number === data.current ? "true" : "false", onclick: () => open(one.number),
  }, el("span", { dir: "auto", text: one.where }), el("span", { class: "number", text: ` [${one.number}]` }));
  const row = (one) => el("li", { class: [one.planned && "planned", one.change && "changed"].filter(Boolean).join(" ") || null },
    el("time", { datetime: one.start, text: one.when }),
    el("div", {},
      el("p", {}, one.planned ? el("span", { class: "mark", text: "planned" }) : null, el("span", { class: "told", dir: "auto", text: one.told })),
      one.change ? el("p", { class: "change", text: one.change }) : null,
      el("p", { class: "where" }, source(one), ...one.also.map(source))));
  parts(root)("list", data, () => [
    el("p", { class: "label", role: "status", text: data.title }),
    el("ol", {}, ...data.rows.map(row)),
    data.more ? el("p", { class: "label", text: data.more }) : null,
    ...data.notes.map((note) => el("p", { class: "hint", text: note })),
  ]);
}
