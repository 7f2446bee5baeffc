// Elements from names and texts. Nothing that comes from a text ever becomes markup.

export const at = (id) => document.getElementById(id);

export function make(name, facts = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const cell = (text, kind = "") => make("td", { class: kind }, text);

// PII, PHI, PCI, SECRET as the name of a colour; the word itself is always beside it.
export function kind(domain) {
  const name = String(domain || "").toLowerCase();
  return ["pii", "phi", "pci", "secret"].includes(name) ? name : "other";
}

export const tag = (domain) => make("span", { class: `tag ${kind(domain)}` }, domain || "other");

export const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

// Says something where a screen reader hears it.
export function say(id, text, wrong = false) {
  const place = at(id);
  place.textContent = text;
  place.classList.toggle("wrong", wrong);
}
