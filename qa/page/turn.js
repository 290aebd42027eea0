const FEW = 10;  // claims of a long list that are shown before "Show all" is pressed

export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".turn");
  const tell = sender(component, data.moving), send = (kind, more = {}) => tell(kind, { turn: data.id, ...more });
  const part = parts(root);
  root.classList.toggle("first", data.first);
  root.setAttribute("aria-busy", String(data.moving));

  part("question", [data.question, data.standalone], () => [
    el("h2", { text: data.question, dir: "auto" }),
    data.standalone && el("p", { class: "standalone" }, el("span", { text: "Understood as " }), el("q", { text: data.standalone, dir: "auto" })),
  ]);

  // Puts the question into the ask box, where it can be changed. A draft that is there already stays.
  const redraft = () => {
    const box = document.querySelector(".st-key-askbox textarea");
    if (box && !box.value) write(box, data.standalone ?? data.question);
    if (box) box.focus();
    else send("go", { page: "ask" });  // a saved answer is open
  };

  const again = () => {
    const buttons = data.again.map(({ how, label }) => el("button", { type: "button", text: label, onclick: () => send("retry", { how }) }));
    if (data.abstention) {
      buttons.push(el("button", { type: "button", text: "Change the question", onclick: redraft }));
      buttons.push(el("button", { type: "button", text: "Add articles", onclick: () => send("go", { page: "library" }) }));
    }
    return buttons.length ? el("div", { class: "again", role: "group", "aria-label": "What may help" }, ...buttons) : null;
  };

  part("progress", [data.running, data.stages, data.stopped, data.error, data.again], () => {
    if (data.error) return el("div", { class: "error", role: "alert" }, el("p", { text: data.error }), again());
    if (data.stopped) return [el("p", { class: "stopped", text: "Stopped. Anything that arrived later was discarded." }), again()];
    if (!data.running) return [];
    const steps = data.stages.map((stage, i) =>
      el("li", { class: i === data.stages.length - 1 ? "now" : "done" },
        el("span", { text: stage.name }), stage.detail && el("small", { text: ` ${stage.detail}` }),
        stage.found.length && !data.claims.length ? el("ul", { class: "found", "aria-label": "Found" }, ...stage.found.map((text) => el("li", { text, dir: "auto" }))) : null));
    return el("ol", { class: "stages", "aria-label": "Progress" }, ...steps);  // Stop is at the ask box
  });

  const pieces = (found) => found.map(({ text, answers }) => (answers ? el("strong", { text }) : text));
  const citation = (number) => data.citations.find((found) => found.number === number);
  const card = root.querySelector(".card");
  const hide = () => { if (card.matches(":popover-open")) card.hidePopover(); };
  const show = (anchor, ...content) => {
    card.replaceChildren(...content.filter(Boolean));
    if (!card.matches(":popover-open")) card.showPopover();
    const box = anchor.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left - 12, innerWidth - card.offsetWidth - 8));
    const below = box.bottom + 6 + card.offsetHeight < innerHeight;
    card.style.left = `${left}px`;
    card.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - card.offsetHeight - 6)}px`;
  };
  const source = (found) => [
    el("p", { class: "where", text: found.where }, found.status && el("strong", { text: ` ${found.status}` })),
    found.title && el("p", { class: "headline", text: found.title, dir: "auto" }),
    el("blockquote", { dir: "auto" }, ...pieces(found.quote)),
    found.speaker && el("p", { class: "speaker", text: `Said by ${found.speaker}` }),
    found.resolves ? el("p", { class: "speaker", text: "Shows which day or person the cited sentence means" }) : "",
    el("p", { class: "hint", text: "Click or press Enter to open the article" }),
  ];
  root.hide = hide;
  root.onkeydown = (event) => { if (event.key === "Escape") hide(); };  // braces, because returning false would cancel every key
  if (!root.scrollHides) addEventListener("scroll", (root.scrollHides = () => root.hide()), { capture: true, passive: true });

  // The second of two neighbours from one outlet has its number alone.
  const chip = (number, at, numbers) => {
    const found = citation(number);
    if (!found) return null;
    const quiet = `Source ${number}${found.resolves ? ", for the day or the name" : ""}: ${found.where}, ${found.title}. ${found.speaker ? `Said by ${found.speaker}. ` : ""}${found.quote.map(({ text }) => text).join("")}`;
    const neighbour = at > 0 && citation(numbers[at - 1])?.short === found.short;
    const button = el("button", { class: "chip", type: "button", "data-number": number, "aria-label": quiet },
      el("span", { class: "number", text: number }), found.short && !neighbour && el("span", { class: "outlet", text: ` ${found.short}`, dir: "auto" }));
    button.onclick = () => { hide(); root.opened = number; send("open", { number }); };
    button.onmouseenter = button.onfocus = () => show(button, ...source(citation(number) ?? found));
    button.onmouseleave = (event) => { if (!card.contains(event.relatedTarget)) hide(); };
    button.onblur = hide;
    return button;
  };
  // What Dateline adds to an article's words. It says so to whoever points at it, and to screen readers.
  const tag = ({ text, why }) => {
    const button = el("button", { class: "tag", type: "button", "aria-label": `${text}. ${why}`, text });
    button.onclick = button.onmouseenter = button.onfocus = () => show(button, el("p", { text: why, dir: "auto" }));
    button.onmouseleave = (event) => { if (!card.contains(event.relatedTarget)) hide(); };
    button.onblur = hide;
    return button;
  };
  card.onmouseleave = hide;
  const spaced = (nodes) => nodes.flatMap((node) => [node, " "]);
  const claim = ({ parts, lead, tags, past, numbers, context, by, changes }, i = 0, keep = null) => [
    el("p", { class: `claim${past ? " past" : ""}`, style: `--i:${i}` },
      ...(lead ? [tag(lead), " "] : []),
      ...spaced(parts.map(({ quoted, runs }) => el("span", { class: quoted ? "words" : "told", dir: "auto" }, ...pieces(runs)))),
      ...spaced([...numbers.map(chip), ...tags.map(tag)]),
      ...(context.length ? [el("small", { class: "resolved", text: tags.length ? "from " : "day or name from " }), ...spaced(context.map(chip))] : [])),
    el("div", { class: "under" }, el("p", { class: "by", text: by, dir: "auto" }), keep === null ? null : el("button", {
      type: "button", class: "keep", text: "Keep", "aria-label": `Keep ${data.abstention ? "sentence" : "claim"} ${keep + 1} in the notebook`, onclick: () => send("keep", { claim: keep }) })),
    ...changes.map((text) => el("p", { class: "change", text, dir: "auto" })),
  ];
  const sources = (numbers) => el("ol", { class: "sources" }, ...numbers.map((number) => {
    const found = citation(number);
    if (!found) return null;
    const copies = found.copies ? ` · also in ${found.copies} near-cop${found.copies === 1 ? "y" : "ies"}` : "";
    return el("li", {}, chip(number), el("div", {},
      el("p", { class: "quote", dir: "auto" }, ...pieces(found.quote)),
      el("p", { class: "where", text: `${found.where}${found.title ? " · " + found.title : ""}${copies}` },
        found.status && el("strong", { text: ` ${found.status}` }))));
  }));

  // Each claim is a part of its own, so that claims on the page stay in place while others arrive.
  const claims = root.querySelector('[data-part="claims"]');
  data.claims.forEach((one, i) => {
    if (!claims.children[i]) claims.append(el("div", { "data-part": `claim-${i}` }));
    const keep = data.stopped || data.error ? null : i;
    part(`claim-${i}`, [one, one.numbers.map(citation), keep], () => claim(one, i, keep));
    claims.children[i].hidden = !root.whole && i >= FEW && data.claims.length > FEW + 1;
  });
  part("more", [data.claims.length, root.whole], () => {
    if (root.whole || data.claims.length <= FEW + 1) return [];
    return el("button", { class: "more", type: "button", text: `Show all ${data.claims.length}`, onclick: () => {
      root.whole = true;
      for (const one of claims.children) one.hidden = false;
      root.querySelector('[data-part="more"]').replaceChildren();
      claims.children[FEW].querySelector(".chip")?.focus();
    } });
  });

  part("abstention", [data.abstention, data.citations, data.again], () => {
    const found = data.abstention;
    if (!found) return [];
    return el("div", { class: "abstention" },
      el("h3", { text: found.heading }),
      el("p", { class: "why", text: found.message, dir: "auto" }),
      ...found.claims.flatMap((one, i) => claim(one, 0, i)),
      found.nearest.length ? el("h4", { text: found.nearest.length === 1 ? "The closest sentence" : "The closest sentences" }) : null,
      ...found.nearest.flatMap((one, i) => claim(one, 0, found.claims.length + i)),
      found.suggestion && el("p", { class: "suggestion", text: found.suggestion }),
      again(),
      el("p", { class: "coverage", text: found.coverage }));
  });

  part("notes", data.notes, () => data.notes.map((text) => el("p", { class: "note", text, dir: "auto" })));

  part("sources", [data.citations, !data.abstention, data.running], () =>
    data.abstention || data.running || !data.citations.length ? [] :
      el("details", { class: "all" },
        el("summary", { text: `${data.citations.length} cited sentence${data.citations.length === 1 ? "" : "s"}` }),
        sources(data.citations.map((found) => found.number))));

  const say = (text) => { root.querySelector(".said").textContent = text; };
  const copy = async (text, told) => {
    try {
      await navigator.clipboard.writeText(text);
      say(told);
    } catch {
      say("The browser did not allow copying.");
    }
  };
  const download = () => {
    const link = el("a", { href: URL.createObjectURL(new Blob([data.json], { type: "application/json" })), download: `answer-${data.id}.json` });
    link.click();
    URL.revokeObjectURL(link.href);
  };
  // A menu as the ARIA guide describes it: arrow keys move in it, Escape and Tab leave it.
  const menu = (label, items) => {
    const list = el("div", { class: "items", role: "menu", "aria-label": label, hidden: true });
    const opener = el("button", { type: "button", class: "opener", "aria-haspopup": "menu", "aria-expanded": "false", text: label });
    const open = (shown) => { list.hidden = !shown; opener.setAttribute("aria-expanded", String(shown)); };
    const leave = () => { open(false); opener.focus(); };
    list.append(...items.map(([text, act]) => el("button", { type: "button", role: "menuitem", tabindex: -1, text, onclick: () => { leave(); act(); } })));
    opener.onclick = () => { open(list.hidden); if (!list.hidden) list.firstChild.focus(); };
    opener.onkeydown = (event) => { if (event.key === "ArrowDown") { event.preventDefault(); open(true); list.firstChild.focus(); } };
    list.onkeydown = (event) => {
      const all = [...list.children], at = all.indexOf(root.getRootNode().activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (to !== undefined) { event.preventDefault(); all.at(to % all.length).focus(); }
      if (event.key === "Escape") { event.stopPropagation(); leave(); }
    };
    const both = el("div", { class: "menu" }, opener, list);
    both.onfocusout = (event) => { if (!both.contains(event.relatedTarget)) open(false); };
    return both;
  };
  part("actions", [data.copies, data.link, data.thumb, data.commented, data.saved], () => {
    if (!data.copies) return [];
    const thumb = (value, sign, label) => el("button", {
      type: "button", class: "thumb", "aria-pressed": String(data.thumb === value), title: label, text: sign,
      onclick: () => send("thumb", { thumb: value }) });
    const comment = el("textarea", { rows: 2, maxlength: 4000, "aria-label": "What is right or wrong with this answer?", placeholder: "What is right or wrong with this answer?" });
    return [
      el("div", { class: "actions", role: "group", "aria-label": "This answer" },
        menu("Copy", [
          ...Object.entries(data.copies).map(([what, text]) => [`As ${what}`, () => copy(text, `Copied as ${what}.`)]),
          ["Link to this question", () => copy(new URL(data.link, location.href).href, "Link copied. It asks this question anew, with its filters, and shows nothing else of this conversation.")],
          ["Download as JSON", download],
        ]),
        el("button", { type: "button", class: "save", text: data.saved ? "Saved" : "Save", onclick: () => { if (!data.saved) { root.saving = true; send("save"); } } }),
        el("span", { class: "gap" }),
        thumb("up", "Helpful", "This answer is helpful"), thumb("down", "Not helpful", "This answer is not helpful"),
        el("details", { class: "comment" }, el("summary", { text: data.commented ? "Comment saved" : "Comment" }),
          comment, el("button", { type: "button", text: "Save comment", onclick: () => comment.value.trim() && send("comment", { comment: comment.value.trim() }) }))),
    ];
  });

  if (root.saving && data.saved) {  // the button was made anew
    root.saving = false;
    root.querySelector(".save").focus();
    say("Saved. All saved answers are on the page “Saved”.");
  }

  part("made", data.made, () => {
    const made = data.made;
    if (!made) return [];
    const list = (title, items) => items.length ? [el("h4", { text: title }), el("ul", { tabindex: 0, "aria-label": title }, ...items)] : [];
    return el("details", { class: "made" },
      el("summary", { text: "How this was made" }),
      el("p", { class: "told-first", text: made.told }),
      ...list(`Withheld statements (${made.rejected.length})`, made.rejected.map((one) =>
        el("li", { class: "rejected" }, el("span", { text: one.text, dir: "auto" }), " ", el("small", { text: `Withheld: ${one.reason} (${one.detail}).`, dir: "auto" })))),
      el("dl", {}, ...made.rows.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })])),
      ...list("Support of each claim, 0 to 1", made.support.map((one) => el("li", {}, el("b", { text: one.support }), ` `, el("span", { text: one.text, dir: "auto" })))),
      ...list(`Sentences considered (${made.passages.length})`, made.passages.map((one) =>
        el("li", {}, el("b", { text: one.score === null ? one.label : `${one.label} (${one.score})` }), " ", el("span", { text: one.text, dir: "auto" }),
          one.number ? el("small", { text: ` cited as ${one.number}` }) : null))));
  });

  const status = root.querySelector(".status");
  const told = data.running ? data.stages.at(-1)?.name ?? "Asking" : data.abstention ? data.abstention.heading : data.claims.length ? "The answer is complete." : "";
  if (status.textContent !== told && (data.running || root.ran)) status.textContent = told;
  root.ran = root.ran || data.running;

  for (const one of root.querySelectorAll(".chip")) one.classList.toggle("current", Number(one.dataset.number) === data.current);
  // When the article is closed, the focus returns to the chip that opened it. Closings are counted, because a fast
  // reader can close the article before the run that opened it gets here. That run is then never seen.
  if (data.current !== null) root.opened = data.current;
  else if (root.opened && data.closed !== root.closed) {
    root.querySelector(`.chip[data-number="${root.opened}"]`)?.focus();
    root.opened = null;
  }
  root.closed = data.closed;

  return () => removeEventListener("scroll", root.scrollHides, { capture: true });
}
