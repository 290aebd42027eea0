export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".article");
  const send = (kind, more = {}) => component.setTriggerValue("event", { kind, ...more });
  const part = parts(root);
  const scroll = root.querySelector(".scroll");
  const step = (by) => {
    const to = data.current + by;
    if (data.current && to >= 1 && to <= data.total) send("open", { ...data.from, number: to });
  };

  part("bar", [data.id, data.current, data.total, data.link, data.from], () => [
    data.current ? el("div", { class: "steps", role: "group", "aria-label": "Citations" },
      el("button", { type: "button", "aria-label": "Previous citation", text: "←", disabled: data.current <= 1, onclick: () => step(-1) }),
      el("span", { class: "label", role: "status", text: `Citation ${data.current} of ${data.total}` }),
      el("button", { type: "button", "aria-label": "Next citation", text: "→", disabled: data.current >= data.total, onclick: () => step(1) })) : null,
    el("span", { class: "gap" }),
    data.link ? el("a", { href: data.link, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer", text: "Open the original ↗" }) : null,
    el("button", { type: "button", class: "close", "aria-label": "Close the article", text: "✕", onclick: () => send("close") }),
  ]);

  const compare = (version) => send("compare", { version });
  const button = (text, onclick, more = {}) => el("button", { type: "button", text, onclick, ...more });
  const changed = ({ kind, text }) => kind === "same" ? el("span", { text })
    : el(kind === "added" ? "ins" : "del", {}, el("span", { class: "quiet", text: kind === "added" ? "added: " : "removed: " }), el("span", { text }));
  const sentence = ({ kind, told, pieces }) => kind === "same"
    ? el("details", { class: "same" }, el("summary", { text: told }), el("p", { dir: "auto" }, ...pieces.map(changed)))
    : el("p", { class: "sentence", dir: "auto" }, kind === "moved" ? el("small", { class: "moved", text: "moved " }) : null, ...pieces.map(changed));
  const jump = (number) => {
    const note = root.querySelector(`[data-note="${number}"]`);
    note?.scrollIntoView({ block: "center" });
    note?.focus({ preventScroll: true });
  };

  const drawn = data.difference;
  const read = () => [
    data.earlier ? el("p", { class: "changed" }, el("strong", { text: data.earlier }), " ",
      button("What has changed since", () => compare(data.id)), button("Read the newest version", () => send("open", { article: data.newest }))) : null,
    ...data.notes.map(({ text, note, retracted }) => el("p", { class: `noted${retracted ? " retracted" : ""}` },
      el("strong", { text }), " ", note === null ? null : button(retracted ? "Read why" : "Read the note", () => jump(note)))),
    data.changed && el("p", { class: "changed", text: "This article has changed since it was cited, so the sentence cannot be marked." }),
    data.versions.length ? el("details", { class: "versions" },
      el("summary", { text: `${data.versions.length} earlier version${data.versions.length === 1 ? "" : "s"}` }),
      el("ul", {}, ...data.versions.map((one) => el("li", {},
        button(one.when, () => compare(one.id), { "aria-label": `What has changed since the version of ${one.when}` }),
        el("small", { text: ` ${one.changed} · ${one.stored}${one.open ? " · open" : ""}` }))))) : null,
    ...data.paragraphs.map((pieces) => el("p", { class: "paragraph", dir: "auto" }, ...pieces.map((piece) =>
      el(piece.numbers.length ? "mark" : "span", {
        tabindex: piece.numbers.length || piece.note !== null ? -1 : null, "data-numbers": piece.numbers.length ? piece.numbers.join(" ") : null,
        "data-note": piece.note, text: piece.text })))),
  ];
  const differ = () => [
    el("p", { class: "changed" }, el("strong", { text: drawn.title }), " ", button("Back to the article", () => compare(null)),
      button("Read that version", () => send("open", { article: drawn.id }))),
    ...drawn.details.map(({ name, pieces }) => el("p", { class: "sentence", dir: "auto" }, el("small", { text: `${name}: ` }), ...pieces.map(changed))),
    ...drawn.rows.map(sentence),
  ];
  part("text", [data.id, data.paragraphs, data.status, data.changed, data.earlier, data.notes, data.versions, drawn], () => [
    el("p", { class: "where", text: data.where }, data.status && el("strong", { text: ` ${data.status}` })),
    el("h2", { text: data.title, dir: "auto" }),
    data.byline && el("p", { class: "byline", text: `By ${data.byline}` }),
    ...(drawn ? differ() : read()),
  ]);

  const wanted = `${data.id} ${data.current} ${drawn?.id}`;
  const marks = [...root.querySelectorAll("mark")];
  for (const mark of marks) mark.classList.toggle("current", mark.dataset.numbers.split(" ").includes(String(data.current)));
  if (root.shown !== wanted) {
    root.shown = wanted;
    const mark = marks.find((one) => one.classList.contains("current"));
    requestAnimationFrame(() => {
      if (mark) {
        const box = mark.getBoundingClientRect(), frame = scroll.getBoundingClientRect();
        scroll.scrollTop += box.top - frame.top - Math.max(24, (frame.height - box.height) / 3);
      } else scroll.scrollTop = 0;
      // "Previous" and "Next" keep the focus. An article that was just opened moves it to the cited sentence.
      if (!parentElement.activeElement) (mark ?? scroll).focus({ preventScroll: true });
    });
  }
  root.onkeydown = (event) => {
    if (event.key === "Escape") send("close");
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
  };
}
