
export default function (component) {
  const { data: [data], parentElement } = component;
  const send = sender(component);
  const root = parentElement.querySelector("nav");
  // Real links, so that a page can be opened in another tab of the browser. A plain click keeps the session.
  parts(root)("tabs", data.tabs.map(({ page }) => page), () => data.tabs.map(({ page, name }) => el("a", {
    text: name, "data-page": page,
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      send("go", { page });
    },
  })));
  for (const { page, href, current } of data.tabs) {  // changed in place, so that the focus stays
    const link = root.querySelector(`[data-page="${page}"]`);
    link.setAttribute("href", href);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
