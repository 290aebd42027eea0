let seen = null;  // the check whose result was shown last

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".saved");
  const send = sender(component);
  const chip = (one, { number, where }) => el("button", {
    type: "button", class: "chip", "data-place": `${one.name} ${number}`, "aria-label": `Source ${number}: ${where}`, text: number,
    onclick: () => send("open", { saved: one.name, number }) });
  const sentence = (one, found) => el("li", {}, chip(one, found), el("span", { class: "where", text: `${found.where}: ` }), el("q", { dir: "auto", text: found.quote }));
  const claim = (one, { verdict, word, text, sources, detail, by }) => el("li", { class: verdict === "stands" ? null : "moved" },
    el("p", { class: "verdict", text: word }),
    el("p", { class: "claim" }, el("span", { dir: "auto", text }), " ", ...sources.map((found) => chip(one, found))),
    detail ? el("p", { class: "detail", dir: "auto", text: detail }) : null,
    by.length ? el("ul", { class: "by" }, ...by.map((found) => sentence(one, found))) : null);
  const row = (one) => {
    const del = el("button", { type: "button", class: "delete", "aria-label": `Delete the answer to ${one.question}, ${one.day}`, text: "Delete", onclick: () => send("forget", { saved: one.name }) });
    return el("li", { class: "answer" },
      el("div", { class: "row" },
        el("div", {},
          el("button", { type: "button", class: "question", dir: "auto", text: one.question, onclick: () => send("show", { saved: one.name }) }),
          el("p", { class: "begins", dir: "auto", text: one.begins }),
          el("p", { class: "where", text: one.day })),
        del),
      one.failed ? el("p", { class: "detail", text: one.failed }) : null,
      one.still ? el("p", { class: "detail", text: one.still }) : null,
      one.claims.length || one.now.length ? el("ul", { class: "claims" },
        ...one.claims.map((found) => claim(one, found)),
        one.now.length ? el("li", { class: "moved" }, el("p", { class: "verdict", text: "Now answered" }), el("ul", { class: "by" }, ...one.now.map((found) => sentence(one, found)))) : null) : null);
  };
  const { current, checked, ...drawn } = data;
  parts(root)("list", drawn, () => [
    el("p", { class: "label", text: data.title }),
    el("p", { class: "summary", role: "status", tabindex: -1, text: data.summary }),
    el("ol", {}, ...data.rows.map(row)),
    data.foreign ? el("p", { class: "hint", text: data.foreign }) : null,
  ]);
  if (checked && checked !== seen) refocus(() => root.querySelector(".summary"));  // "Check all" was drawn anew
  seen = checked;
  for (const one of root.querySelectorAll(".chip")) one.classList.toggle("current", Boolean(current) && one.dataset.place === current.join(" "));
}
