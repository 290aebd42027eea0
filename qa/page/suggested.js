
export default function (component) {
  const { data: [data], parentElement } = component;
  const send = sender(component);
  const root = parentElement.querySelector(".suggested");
  root.setAttribute("aria-label", data.label);
  parts(root)("questions", [data.label, data.questions], () => [
    el("small", { text: data.label }),
    ...data.questions.map((text) => el("button", {
      type: "button", text, dir: "auto", onclick: () => send("ask", { question: text }),
    })),
  ]);
}
