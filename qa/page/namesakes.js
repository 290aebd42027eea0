
// Whom a name could have meant too. A button takes another one in place of the one that was chosen.
export default function (component) {
  const { data: [data], parentElement } = component;
  const root = parentElement.querySelector(".namesakes");
  const send = sender(component), swap = (chosen, wanted) => send("speaker", { chosen, wanted });
  parts(root)("names", data, () => data.people.flatMap(({ name, value, others }) => [
    el("p", { dir: "auto" }, "Chosen: ", el("strong", { text: name }), ". Did you mean somebody else of this name?"),
    el("div", { class: "others" }, ...others.map((one) => el("button", { type: "button", dir: "auto", text: one.name, onclick: () => swap(value, one.value) }))),
  ]));
}
