// Columns of a report as rows of a table: the verdict, how sure, and why.

import { cell, make, tag } from "./dom.js";

const percent = (part) => `${Math.round(part * 100)} %`;

function reason(each) {
  const words = [each.detector];
  if (each.rows_hit !== undefined) words.push(`in ${each.rows_hit.toLocaleString("en")} rows`);
  return make("li", {}, words.join(" "));
}

function named(column) {
  return column.column === null ? `column ${column.index + 1}` : column.column;
}

function verdict(column) {
  const best = column.classifications[0];
  if (!best) return make("td", {}, column.type_hint === "FREE_TEXT" ? "free text, nothing found" : "nothing personal");
  const others = column.classifications.slice(1, 4).map((each) => each.entity);
  return make(
    "td",
    {},
    tag(best.domain),
    best.entity,
    column.type_hint === "FREE_TEXT" ? make("div", { class: "about" }, "inside free text") : null,
    column.sensitive ? null : make("div", { class: "about" }, "not about a person"),
    others.length ? make("div", { class: "about" }, `also ${others.join(", ")}`) : null,
  );
}

function why(column) {
  const best = column.classifications[0];
  if (!best) return make("td", {});
  const samples = best.samples.length ? make("li", { class: "cell" }, best.samples.slice(0, 3).join(" · ")) : null;
  return make("td", {}, make("ul", { class: "evidence" }, ...best.evidence.slice(0, 5).map(reason), samples));
}

// A row a column; `more` adds cells to each.
export function rows(report, more = () => []) {
  const several = report.datasets.length > 1;
  return report.datasets.flatMap((dataset) =>
    dataset.columns.map((column) => {
      const best = column.classifications[0];
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, make("span", { class: "cell" }, named(column)), several ? make("div", { class: "about" }, dataset.uri) : null),
        verdict(column),
        cell(best ? percent(best.confidence) : "", "n"),
        cell(best ? percent(best.prevalence) : "", "n"),
        why(column),
        ...more(column),
      );
    }),
  );
}
