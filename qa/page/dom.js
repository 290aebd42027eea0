// Prepended to every component's script. All text reaches the page through `el`, as textContent and never as HTML.
const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};

// Rebuilds a part only if its data changed, so that focus, open details and scroll positions survive reruns.
const parts = (root) => {
  const known = (root.known ??= new Map());
  return (name, value, build) => {
    const signature = JSON.stringify(value);
    if (known.get(name) === signature) return;
    known.set(name, signature);
    root.querySelector(`[data-part="${name}"]`).replaceChildren(...[build(value)].flat().filter(Boolean));
  };
};
