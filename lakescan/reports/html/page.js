"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const tools = $("tools");
  const search = $("q");
  const entity = $("entity");
  const domain = $("domain");
  const order = $("order");
  const openAll = $("open");
  const theme = $("theme");

  // Every column once: its element, and what the filters ask about.
  const datasets = [...document.querySelectorAll(".dataset")].map((section, place) => ({
    section,
    place,
    name: section.querySelector("h3").textContent,
    personal: Number(section.dataset.personal),
    columns: [...section.querySelectorAll(".columns > tbody")].map((body) => ({
      body,
      kind: body.dataset.kind,
      isNew: "new" in body.dataset,
      entities: body.dataset.e.split(" "),
      domains: body.dataset.d.split(" "),
      text: null,
    })),
  }));
  const total = datasets.reduce((sum, dataset) => sum + dataset.columns.length, 0);
  const shows = {
    personal: (column) => column.kind === "personal",
    found: (column) => column.kind !== "none",
    new: (column) => column.isNew,
    all: () => true,
  };

  const textOf = (dataset, column) => {
    if (column.text === null) {
      const row = column.body.rows[0];
      const full = column.body.querySelector(".full");
      column.text = [dataset.name, row.cells[0].textContent, row.cells[1].textContent,
        column.body.dataset.e, full ? full.textContent : ""].join("\n").toLowerCase();
    }
    return column.text;
  };

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = shows[tools.elements.show.value];
    let columns = 0;
    let places = 0;
    for (const dataset of datasets) {
      let here = 0;
      for (const column of dataset.columns) {
        const fits = shown(column) &&
          (!entity.value || column.entities.includes(entity.value)) &&
          (!domain.value || column.domains.includes(domain.value)) &&
          words.every((word) => textOf(dataset, column).includes(word));
        if (column.body.hidden === fits) column.body.hidden = !fits;
        here += fits;
      }
      dataset.section.hidden = here === 0;
      columns += here;
      places += here > 0;
    }
    const count = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
    $("tally").textContent =
      `Showing ${columns.toLocaleString("en")} of ${count(total, "column")} in ${count(places, "dataset")}.`;
    $("empty").hidden = columns > 0;
  };

  const toggle = (button, open) => {
    button.setAttribute("aria-expanded", String(open));
    $(button.getAttribute("aria-controls")).hidden = !open;
  };

  const sortTable = (head, kind) => {
    const table = head.closest("table");
    const at = head.cellIndex;
    // Numbers are wanted from the top down first, names from A to Z.
    const first = kind === "number" ? "descending" : "ascending";
    const second = kind === "number" ? "ascending" : "descending";
    const way = head.getAttribute("aria-sort") === first ? second : first;
    const sign = way === "ascending" ? 1 : -1;
    const value = (body) => {
      const cell = body.rows[0].cells[at];
      const text = cell && cell.dataset.v;
      if (text === undefined) return null;
      return kind === "text" ? text.toLowerCase() : Number(text);
    };
    const keyed = [...table.tBodies].map((body) => [value(body), body]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return a < b ? -sign : a > b ? sign : 0;
    });
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", way);
    const rest = document.createDocumentFragment();
    for (const [, body] of keyed) rest.append(body);
    table.append(rest);
  };

  const orders = {
    place: (a, b) => a.place - b.place,
    name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    most: (a, b) => b.personal - a.personal || a.place - b.place,
  };

  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const nameTheme = () => { theme.textContent = dark() ? "Light" : "Dark"; };

  for (const head of document.querySelectorAll(".columns th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sortTable(head, head.dataset.sort));
    head.replaceChildren(button);
  }
  for (const body of document.querySelectorAll(".entities > tbody")) {
    const more = body.querySelectorAll(".more").length;
    if (more < 3) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = `Show ${more} more kinds`;
    const row = body.insertRow();
    const cell = row.insertCell();
    cell.colSpan = 4;
    cell.append(button);
    body.classList.add("folded");
    button.addEventListener("click", () => {
      body.classList.remove("folded");
      row.remove();
    });
  }
  $("datasets").addEventListener("click", (event) => {
    const button = event.target.closest("button.name");
    if (button) toggle(button, button.getAttribute("aria-expanded") !== "true");
  });
  for (const button of document.querySelectorAll(".pick")) {
    button.addEventListener("click", () => {
      entity.value = button.dataset.entity;
      const kinds = tools.elements.show;
      if (kinds.value === "personal" && button.closest(".others")) kinds.value = "found";
      filter();
      $("where").scrollIntoView();
    });
  }
  openAll.addEventListener("click", () => {
    const open = openAll.textContent === "Open all";
    for (const button of document.querySelectorAll(".dataset:not([hidden]) tbody:not([hidden]) button.name")) {
      toggle(button, open);
    }
    openAll.textContent = open ? "Close all" : "Open all";
  });
  order.addEventListener("change", () => {
    datasets.sort(orders[order.value]);
    $("datasets").append(...datasets.map((dataset) => dataset.section));
  });
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    nameTheme();
  });
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, total > 1000 ? 120 : 0);
  });
  tools.addEventListener("change", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("reset", () => setTimeout(filter, 0));
  $("clear").addEventListener("click", () => tools.reset());

  theme.hidden = false;
  tools.hidden = false;
  nameTheme();
  filter();
})();
