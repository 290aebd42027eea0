export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".article");
  const send = sender(component);
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

  const counted = (number, what, more = "") => `${number} ${what}${number === 1 ? "" : "s"}${more && ` ${more}`}`;
  const cite = (place, number) => send("open", { ...(Object.keys(place).length ? place : data.from), number });
  const clicks = (numbers, others) => [
    ...numbers.map((number) => button(number, () => cite({}, number), { class: "margin", "data-number": number, "aria-label": `Citation ${number}` })),
    ...others.map(({ place, number, title }) => button(number, () => cite(place, number), { class: "margin other", title: `Also cited in the answer to “${title}”`, "aria-label": `Citation ${number} in the answer to “${title}”` })),
  ];
  // A sentence is one element, with its numbers in the margin in front of it.
  const drawn_piece = ({ runs, sentence, numbers, others, note }) => {
    const cited = numbers.length + others.length;
    const one = el(cited ? "mark" : "span", {
      class: cited && !numbers.length ? "other" : null, tabindex: cited || note !== null ? -1 : null, "data-numbers": numbers.length ? numbers.join(" ") : null,
      "data-note": note, "data-sentence": sentence },
      ...(runs.length === 1 && !runs[0].by.length ? [runs[0].text] : runs.map(({ text, by }) => by.length ? el("span", { "data-by": by.join(" "), text }) : text)));
    return [...clicks(numbers, others), one];
  };
  // Marks what somebody says, and goes to the first of it. The same button takes the marks away.
  const speak = (who) => {
    root.who = root.who === who ? null : who;
    for (const one of root.querySelectorAll("[data-who]")) one.setAttribute("aria-pressed", String(Number(one.dataset.who) === root.who));
    const all = [...root.querySelectorAll("[data-by]")].filter((one) => {
      const said = one.dataset.by.split(" ").includes(String(root.who));
      one.classList.toggle("said", said);
      return said;
    });
    all[0]?.scrollIntoView({ block: "center" });
  };

  const drawn = data.difference;
  const read = () => [
    data.earlier ? el("p", { class: "changed" }, el("strong", { text: data.earlier }), " ",
      button("What has changed since", () => compare(data.id)), button("Read the newest version", () => send("open", { article: data.newest }))) : null,
    ...data.notes.map(({ text, note, retracted }) => el("p", { class: `noted${retracted ? " retracted" : ""}` },
      el("strong", { text }), " ", note === null ? null : button(retracted ? "Read why" : "Read the note", () => jump(note)))),
    data.changed && el("p", { class: "changed", text: "This article has changed since it was cited, so the sentence cannot be marked." }),
    data.cited.length ? el("details", { class: "fold" }, el("summary", { text: counted(data.sentences, "sentence", "cited here") }),
      ...data.cited.map(({ called, place, rows }) => el("section", {}, called ? el("p", { class: "label", dir: "auto", text: `In the answer to “${called}”` }) : null,
        el("ul", {}, ...rows.map(({ number, text }) => el("li", {}, button(number, () => cite(place, number), { class: "number", "aria-label": `Go to citation ${number}` }),
          el("span", { class: "short", dir: "auto", text })))))))
      : null,
    data.speakers.length ? el("details", { class: "fold" }, el("summary", { text: data.speakers.length === 1 ? "1 speaker" : `${data.speakers.length} speakers` }),
      el("ul", {}, ...data.speakers.map(({ name, sentences, timeline }, who) => el("li", {},
        button(`${name} · ${counted(sentences, "sentence")}`, () => speak(who), { class: "speaker", dir: "auto", "data-who": who, "aria-pressed": "false", "aria-label": `Mark what ${name} says: ${counted(sentences, "sentence")}` }),
        timeline ? button("Timeline", () => send("timeline", { subject: name }), { class: "plain", "aria-label": `Timeline of ${name}` }) : null)))) : null,
    data.versions.length ? el("details", { class: "fold versions" },
      el("summary", { text: counted(data.versions.length, "earlier version") }),
      el("ul", {}, ...data.versions.map((one) => el("li", {},
        button(one.when, () => compare(one.id), { "aria-label": `What has changed since the version of ${one.when}` }),
        el("small", { text: ` ${one.changed} · ${one.stored}${one.open ? " · open" : ""}` }))))) : null,
    data.about ? button(`Timeline of ${data.about}`, () => send("timeline", { subject: data.about }), { class: "plain about", dir: "auto" }) : null,
    ...data.paragraphs.map((pieces) => el("p", { class: "paragraph", dir: "auto" }, ...pieces.flatMap(drawn_piece))),
  ];
  const differ = () => [
    el("p", { class: "changed" }, el("strong", { text: drawn.title }), " ", button("Back to the article", () => compare(null)),
      button("Read that version", () => send("open", { article: drawn.id }))),
    ...drawn.details.map(({ name, pieces }) => el("p", { class: "sentence", dir: "auto" }, el("small", { text: `${name}: ` }), ...pieces.map(changed))),
    ...drawn.rows.map(sentence),
  ];
  const { current, total, link, from, ...shown } = data;
  part("text", [shown, from], () => {
    root.who = null;
    return [
      el("p", { class: "where", text: data.where }, data.status && el("strong", { text: ` ${data.status}` })),
      el("h2", { dir: "auto" }, ...data.headline.flatMap(drawn_piece)),
      data.byline && el("p", { class: "byline", text: `By ${data.byline}` }),
      ...(drawn ? differ() : read()),
    ];
  });

  // What the reader has selected, or else the citation that is open, can be copied with its source and kept.
  const range = () => {
    const shadow = root.getRootNode(), selection = shadow.getSelection?.() ?? getSelection();
    const [found] = selection.getComposedRanges?.({ shadowRoots: [shadow] }) ?? (selection.rangeCount ? [selection.getRangeAt(0)] : []);
    if (!found || !scroll.contains(found.startContainer) || !scroll.contains(found.endContainer)) return null;
    const live = document.createRange();
    live.setStart(found.startContainer, found.startOffset);
    live.setEnd(found.endContainer, found.endOffset);
    return live.collapsed ? null : live;
  };
  const pieces = () => [...root.querySelectorAll("[data-sentence]")];
  const selected = () => {
    const all = range();
    if (!all) return null;
    const found = pieces().filter((one) => all.intersectsNode(one)).map((one) => {
      const inside = document.createRange();
      inside.selectNodeContents(one);
      if (all.compareBoundaryPoints(Range.START_TO_START, inside) > 0) inside.setStart(all.startContainer, all.startOffset);
      if (all.compareBoundaryPoints(Range.END_TO_END, inside) < 0) inside.setEnd(all.endContainer, all.endOffset);
      return { sentence: Number(one.dataset.sentence), text: inside.toString() };
    }).filter(({ text }) => text.trim());
    return found.length ? found : null;
  };
  const open = () => {
    const mark = root.querySelector("mark.current");
    return mark ? [{ sentence: Number(mark.dataset.sentence), text: mark.textContent }] : null;
  };
  const words = (found) => found.map(({ text }) => text).join(" ").split(/\s+/).filter(Boolean);
  // A passage can begin or end inside a quotation. The mark that stands outside of it is added.
  const closed = (text) => {
    let open = 0, before = 0;
    for (const sign of text) {
      if (sign === "“") open += 1;
      else if (sign === "”" && open) open -= 1;
      else if (sign === "”") before += 1;
    }
    return "“".repeat(before) + text + "”".repeat(open);
  };
  const nested = (text) => closed(text).replace(/[“„"]/g, (sign) => ({ "“": "‘", "„": "‚", '"': "'" })[sign]).replace(/”/g, "’").replace(/«/g, "‹").replace(/»/g, "›");
  const encoded = (some) => encodeURIComponent(some.join(" ")).replace(/-/g, "%2D");
  const address = (some) => {
    if (!data.address) return "";
    const fragment = some.length > 16 ? `${encoded(some.slice(0, 8))},${encoded(some.slice(-8))}` : encoded(some);
    return ` ${data.address.split("#")[0]}#:~:text=${fragment}`;
  };
  const quotation = root.querySelector(".quotation"), told = root.querySelector(".told");
  const say = (text) => { told.textContent = text; };
  const copy = async (found) => {
    const some = words(found);
    try {
      await navigator.clipboard.writeText(`“${nested(some.join(" "))}” ${data.source}${address(some)}`);
      say("Copied, with its source.");
    } catch {
      say("The browser did not allow copying.");
    }
  };
  const keep = (found) => {
    const numbers = found.map(({ sentence }) => sentence);
    send("keep-sentences", { article: data.id, version: data.version, first: Math.min(...numbers), last: Math.max(...numbers) });
  };
  const offer = () => {
    const chosen = drawn ? null : selected(), found = chosen ?? (drawn ? null : open());
    quotation.hidden = !found;
    if (!found) return;
    const some = words(found);
    const few = some.length > 8 ? [...some.slice(0, 4), "…", ...some.slice(-3)] : some;
    const what = chosen ? `“${nested(few.join(" "))}”` : `Citation ${data.current}`;
    const label = quotation.querySelector(".chosen");
    if (label.textContent !== what) { label.textContent = what; say(""); }
    root.found = found;
  };
  quotation.querySelector(".cite").onclick = () => copy(root.found);
  quotation.querySelector(".keep").onclick = () => keep(root.found);
  // The buttons must not take the selection away.
  quotation.onpointerdown = (event) => event.preventDefault();
  document.removeEventListener("selectionchange", root.offer);
  document.addEventListener("selectionchange", (root.offer = offer));

  const wanted = `${data.id} ${data.current} ${drawn?.id}`;
  const marks = [...root.querySelectorAll("mark")];
  for (const mark of marks) mark.classList.toggle("current", (mark.dataset.numbers ?? "").split(" ").includes(String(data.current)));
  for (const one of root.querySelectorAll(".margin[data-number]")) one.classList.toggle("current", Number(one.dataset.number) === data.current);
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
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Escape") send("close");
    else if (event.key === "ArrowLeft" || event.key === "k") step(-1);
    else if (event.key === "ArrowRight" || event.key === "j") step(1);
  };
  offer();
  return () => document.removeEventListener("selectionchange", root.offer);
}
