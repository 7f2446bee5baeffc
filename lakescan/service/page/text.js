// The first tab: a text, what is found in it, and what becomes of it.

import { curl, post } from "./api.js";
import { at, cell, kind, make, plural, say, tag } from "./dom.js";
import { chosen, show } from "./choices.js";

const EXAMPLE = `Dear Ms Okafor,

thank you for your call on 12 March 2024. Please send the form to ann.smith@example.com or call
202-555-0142. We charged card 4111 1111 1111 1111; your policy is US-2219-A.

Ann Smith, 12 Main Street, Springfield`;

let last = "";

function mark(word, entity, domain) {
  return make("mark", { class: kind(domain) }, word, make("small", {}, entity));
}

// Offsets count code points, not the halves of JavaScript's strings.
function pieces(points, spans, made) {
  const out = [];
  let from = 0;
  for (const span of spans) {
    out.push(points.slice(from, span.start).join(""), made(points.slice(span.start, span.end).join(""), span));
    from = span.end;
  }
  out.push(points.slice(from).join(""));
  return out.filter((piece) => piece !== "");
}

function tallied(findings) {
  if (!findings.length) return "Nothing personal is found.";
  const counts = new Map();
  for (const each of findings) counts.set(each.domain, (counts.get(each.domain) || 0) + 1);
  const parts = [...counts].map(([domain, count]) => `${count} ${domain}`);
  return `${plural(findings.length, "finding")}: ${parts.join(", ")}.`;
}

function table(points, findings, replacements, made) {
  const after = new Map(replacements.map((each) => [each.start, each]));
  return findings.map((each) => {
    const other = after.get(each.start);
    const becomes = other ? made.slice(other.new_start, other.new_end).join("") : "stays";
    return make(
      "tr",
      {},
      make("td", {}, make("code", {}, points.slice(each.start, each.end).join(""))),
      cell(each.entity),
      make("td", {}, tag(each.domain)),
      cell(each.score.toFixed(2), "n"),
      make("td", {}, make("code", {}, each.detector)),
      make("td", {}, other ? make("code", {}, becomes || "(nothing)") : becomes),
    );
  });
}

export async function look() {
  const text = at("text").value;
  if (!text.trim()) {
    say("text-tally", "There is no text yet.", true);
    at("text").focus();
    return;
  }
  const { policy, operators } = chosen();
  const request = { texts: [text], policy, operators };
  at("text-form").setAttribute("aria-busy", "true");
  try {
    const [seen, changed] = await Promise.all([
      post("/v1/detect", { texts: [text], policy }),
      post("/v1/anonymize", request),
    ]);
    const { findings } = seen.results[0];
    const result = changed.results[0];
    const points = Array.from(text);
    const made = Array.from(result.text);
    const domains = new Map(findings.map((each) => [each.start, each.domain]));
    at("marked").replaceChildren(...pieces(points, findings, (word, each) => mark(word, each.entity, each.domain)));
    const spans = result.replacements.map((each) => ({ ...each, domain: domains.get(each.start), start: each.new_start, end: each.new_end }));
    at("made").replaceChildren(...pieces(made, spans, (word, each) => make("mark", { class: kind(each.domain) }, word || "(nothing)")));
    at("findings").replaceChildren(...table(points, findings, result.replacements, made));
    at("findings").closest(".scroll").hidden = !findings.length;
    at("text-results").hidden = false;
    say("text-tally", tallied(findings));
    last = text;
    show("text", curl("/v1/anonymize", { type: "application/json", data: JSON.stringify(request) }));
  } catch (error) {
    say("text-tally", error.message, true);
  } finally {
    at("text-form").removeAttribute("aria-busy");
  }
}

export const again = () => (last ? look() : undefined);

export function start() {
  at("text-form").addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  at("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) look();
  });
  at("example").addEventListener("click", () => {
    at("text").value = EXAMPLE;
    look();
  });
}
