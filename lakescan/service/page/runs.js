// The third tab: scan jobs, their runs, and what these found.

import { ask, curl, get, hasKey, post } from "./api.js";
import { at, cell, make, plural, say } from "./dom.js";
import { chosen, show } from "./choices.js";
import { rows } from "./verdicts.js";

const AT_WORK = new Set(["queued", "running", "cancelling"]);
const PAUSE = 1000;

let watching = false;
let timer = 0;
let before = "";

function status(job) {
  const done = job.progress && job.progress.planned ? ` ${job.progress.done} of ${job.progress.planned}` : "";
  const why = job.error ? make("div", { class: "about" }, job.error.message) : null;
  return make("td", {}, make("span", { class: `status ${job.status}` }, job.status), done, why);
}

function action(job, name, word, work) {
  return make("button", { type: "button", class: "quiet", id: `${name}-${job.id}`, "aria-label": `${word} ${job.id}`, onclick: work }, word);
}

function actions(job) {
  if (AT_WORK.has(job.status)) return [action(job, "cancel", "Cancel", () => told(post(`/v1/jobs/${job.id}/cancel`, {})))];
  if (!job.totals) return job.caller ? [action(job, "resume", "Go on", () => told(post(`/v1/jobs/${job.id}/resume`, {})))] : [];
  return [action(job, "show", "Show", () => results(job)), report(job)];
}

// A key goes in a header, which a plain link has not: then the report is fetched and saved.
function report(job) {
  const path = `/v1/jobs/${job.id}/report`;
  if (!hasKey()) return make("a", { class: "quiet button", href: path, target: "_blank", rel: "noopener", "aria-label": `Report of ${job.id}, in a new tab` }, "Report");
  return action(job, "report", "Save report", async () => {
    const page = await (await ask(path)).blob();
    const link = make("a", { href: URL.createObjectURL(page), download: `${job.id}.html` });
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

async function told(request) {
  try {
    await request;
  } catch (error) {
    say("runs-tally", error.message, true);
  }
  refresh();
}

async function results(job) {
  try {
    const found = await get(`/v1/jobs/${job.id}/results`);
    at("report-head").textContent = `What run ${job.id} found`;
    at("report-verdicts").replaceChildren(...rows(found));
    at("report").hidden = false;
    at("report-head").focus();
    at("report-head").scrollIntoView({ block: "start" });
    show("runs", curl(`/v1/jobs/${job.id}/results`));
  } catch (error) {
    say("runs-tally", error.message, true);
  }
}

function row(job) {
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("span", { class: "cell" }, job.id)),
    status(job),
    make("td", {}, make("span", { class: "cell" }, job.sources.join(" ") || "by the command line")),
    cell(job.totals ? job.totals.rows_scanned.toLocaleString("en") : "", "n"),
    cell(job.totals ? `${job.totals.sensitive_columns} of ${job.totals.columns}` : "", "n"),
    make("td", {}, ...actions(job)),
  );
}

export async function refresh() {
  clearTimeout(timer);
  let jobs = [];
  try {
    jobs = await get("/v1/jobs");
    at("job-form").hidden = false;
  } catch (error) {
    at("job-form").hidden = error.status === 404;
    at("runs-region").hidden = true;
    say("runs-tally", error.message, error.status !== 404);
    return;
  }
  const state = JSON.stringify(jobs);
  if (state !== before) {
    before = state;
    const held = document.activeElement?.id;
    at("runs").replaceChildren(...jobs.map(row));
    if (held && document.activeElement?.id !== held) at(held)?.focus();
    at("runs-region").hidden = !jobs.length;
    const busy = jobs.filter((job) => AT_WORK.has(job.status)).length;
    say("runs-tally", jobs.length ? `${plural(jobs.length, "run")}, ${busy} at work.` : "There are no runs yet.");
  }
  if (watching && jobs.some((job) => AT_WORK.has(job.status))) timer = setTimeout(refresh, PAUSE);
}

export function watch(on) {
  watching = on;
  clearTimeout(timer);
  if (on) {
    before = "";
    refresh();
  }
}

export function start() {
  at("job-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const source = at("source").value.trim();
    if (!source) {
      say("runs-tally", "There is nothing to scan yet.", true);
      at("source").focus();
      return;
    }
    const request = { sources: [source], policy: chosen().policy };
    show("runs", curl("/v1/jobs", { type: "application/json", data: JSON.stringify(request) }));
    await told(post("/v1/jobs", request));
  });
}
