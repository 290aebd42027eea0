
export default function (component) {
  const { data: [data], parentElement } = component;
  const send = sender(component, data.moving);
  const root = parentElement.querySelector(".suggested");
  root.setAttribute("aria-label", data.label);
  root.setAttribute("aria-busy", String(data.moving));
  parts(root)("questions", [data.label, data.questions], () => [
    el("small", { text: data.label }),
    ...data.questions.map((text) => el("button", {
      type: "button", text, dir: "auto", onclick: () => send("ask", { question: text }),
    })),
  ]);
}
