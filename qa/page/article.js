export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".article");
  const send = (kind, more = {}) => component.setTriggerValue("event", { kind, ...more });
  const part = parts(root);
  const scroll = root.querySelector(".scroll");
  const step = (by) => {
    const to = data.current + by;
    if (data.current && to >= 1 && to <= data.total) send("open", { ...(data.timeline ? { timeline: true } : { turn: data.turn }), number: to });
  };

  part("bar", [data.id, data.current, data.total, data.link, data.turn, data.timeline], () => [
    data.current ? el("div", { class: "steps", role: "group", "aria-label": "Citations" },
      el("button", { type: "button", "aria-label": "Previous citation", text: "←", disabled: data.current <= 1, onclick: () => step(-1) }),
      el("span", { class: "label", role: "status", text: `Citation ${data.current} of ${data.total}` }),
      el("button", { type: "button", "aria-label": "Next citation", text: "→", disabled: data.current >= data.total, onclick: () => step(1) })) : null,
    el("span", { class: "gap" }),
    data.link ? el("a", { href: data.link, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer", text: "Open the original ↗" }) : null,
    el("button", { type: "button", class: "close", "aria-label": "Close the article", text: "✕", onclick: () => send("close") }),
  ]);

  part("text", [data.id, data.paragraphs, data.status, data.changed], () => [
    el("p", { class: "where", text: data.where }, data.status && el("strong", { text: ` ${data.status}` })),
    el("h2", { text: data.title, dir: "auto" }),
    data.byline && el("p", { class: "byline", text: `By ${data.byline}` }),
    data.changed && el("p", { class: "changed", text: "This article has changed since it was cited, so the sentence cannot be marked." }),
    ...data.paragraphs.map((pieces) => el("p", { class: "paragraph", dir: "auto" }, ...pieces.map((piece) =>
      piece.numbers.length ? el("mark", { tabindex: -1, "data-numbers": piece.numbers.join(" "), text: piece.text }) : el("span", { text: piece.text })))),
  ]);

  const wanted = `${data.id} ${data.current}`;
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
