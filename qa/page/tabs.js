
export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector("nav");
  const part = parts(root);
  // Real links, so that a page can be opened in another tab of the browser. A plain click keeps the session.
  part("tabs", data.tabs.map(({ page, href }) => [page, href]), () => data.tabs.map(({ page, name, href }) => el("a", {
    href, text: name, "data-page": page,
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      component.setTriggerValue("event", { kind: "go", page });
    },
  })));
  for (const { page, current } of data.tabs) {
    const link = root.querySelector(`[data-page="${page}"]`);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
