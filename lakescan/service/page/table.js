// The second tab: a small table, its verdicts, and what becomes of it.

import { ask, curl } from "./api.js";
import { at, make, plural, say } from "./dom.js";
import { chosen, show } from "./choices.js";
import { rows } from "./verdicts.js";

const EXAMPLE = new File(
  [
    "customer,email,phone,joined,plan\n" +
      ["Ann Smith,ann.smith@example.com,202-555-0142,2021-03-04,basic", "Bob Jones,bob@example.org,202-555-0143,2022-11-19,plus",
        "Ifeoma Okafor,ifeoma.o@example.net,202-555-0171,2020-07-30,basic", "Carla Rossi,carla@example.com,202-555-0188,2023-01-12,plus"].join("\n") + "\n",
  ],
  "example.csv",
  { type: "text/csv" },
);
const SHOWN = 20;

let held = null;

const typeOf = (file) => (/\.(jsonl|ndjson)$/i.test(file.name) ? "application/x-ndjson" : "text/csv");

// Enough of CSV to show a few rows; the service reads it for real.
function cells(text, limit) {
  const out = [[""]];
  let inside = false;
  for (let i = 0; i < text.length && out.length <= limit; i += 1) {
    const row = out[out.length - 1];
    const c = text[i];
    if (inside) {
      if (c === '"' && text[i + 1] === '"') row[row.length - 1] += text[(i += 1)];
      else if (c === '"') inside = false;
      else row[row.length - 1] += c;
    } else if (c === '"') inside = true;
    else if (c === "," || c === "\t" || c === ";" || c === "|") row.push("");
    else if (c === "\n") out.push([""]);
    else if (c !== "\r") row[row.length - 1] += c;
  }
  return out.filter((row) => row.length > 1 || row[0] !== "").slice(0, limit);
}

function fromLines(text, limit) {
  const values = text.split("\n").filter(Boolean).slice(0, limit).map((line) => JSON.parse(line));
  const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
  return [names, ...values.map((value) => names.map((name) => (value[name] === undefined || value[name] === null ? "" : String(value[name]))))];
}

function grid(before, after) {
  const [names = [], ...lines] = after;
  return [
    make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name)))),
    make(
      "tbody",
      {},
      ...lines.map((line, y) =>
        make("tr", {}, ...line.map((value, x) => make("td", { class: before[y + 1]?.[x] === value ? "" : "changed", title: value }, value))),
      ),
    ),
  ];
}

async function look(file) {
  held = file;
  const type = typeOf(file);
  const { policy, operators } = chosen();
  const query = new URLSearchParams();
  if (policy) query.set("policy", policy);
  const classify = `/v1/classify?${query}`;
  if (operators) query.set("operators", JSON.stringify(operators));
  const anonymize = `/v1/anonymize?${query}`;
  at("table-form").setAttribute("aria-busy", "true");
  say("table-tally", `Looking at ${file.name} …`);
  try {
    const body = await file.text();
    const [report, changed] = await Promise.all([
      ask(classify, { method: "POST", body, type }).then((answer) => answer.json()),
      ask(anonymize, { method: "POST", body, type, accept: "application/json" }).then((answer) => answer.json()),
    ]);
    const becomes = new Map(changed.columns.map((each) => [each.index, each.operator]));
    at("verdicts").replaceChildren(...rows(report, (column) => [make("td", {}, becomes.get(column.index) || "keep")]));
    const read = type === "text/csv" ? cells : fromLines;
    at("after").replaceChildren(...grid(read(body, SHOWN + 1), read(changed.table, SHOWN + 1)));
    saved(changed.table, file.name, type);
    at("table-results").hidden = false;
    const columns = report.datasets.flatMap((dataset) => dataset.columns);
    const sensitive = columns.filter((column) => column.sensitive).length;
    say("table-tally", `${file.name}: ${plural(columns.length, "column")}, ${sensitive} with personal data, ${plural(report.rows_scanned, "row")}.`);
    show("table", curl(anonymize, { type, file: file.name }));
  } catch (error) {
    at("table-results").hidden = true;
    say("table-tally", error.message, true);
  } finally {
    at("table-form").removeAttribute("aria-busy");
  }
}

function saved(table, name, type) {
  const link = at("save");
  if (link.href) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([table], { type }));
  link.download = `anonymized-${name}`;
  link.hidden = false;
}

export const again = () => (held ? look(held) : undefined);

export function start() {
  const drop = at("drop");
  at("file").addEventListener("change", (event) => event.target.files[0] && look(event.target.files[0]));
  at("table-example").addEventListener("click", () => look(EXAMPLE));
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragenter" || name === "dragover");
      const file = name === "drop" ? event.dataTransfer.files[0] : undefined;
      if (file) look(file);
    });
  }
}
