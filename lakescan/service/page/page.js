// The page's start: its tabs, its key, and what the service says of itself.

import { get, useKey } from "./api.js";
import * as choices from "./choices.js";
import { at, say } from "./dom.js";
import * as runs from "./runs.js";
import * as table from "./table.js";
import * as text from "./text.js";

const TABS = ["text", "table", "runs"];

function open(name, focus = false) {
  for (const each of TABS) {
    const tab = at(`tab-${each}`);
    tab.setAttribute("aria-selected", String(each === name));
    tab.tabIndex = each === name ? 0 : -1;
    at(`panel-${each}`).hidden = each !== name;
  }
  choices.turn(name);
  at("tools").hidden = false;
  at("operator").closest("label").hidden = name === "runs";
  at("operator-note").hidden = name === "runs";
  runs.watch(name === "runs");
  if (focus) at(`tab-${name}`).focus();
}

function tabs() {
  for (const [place, name] of TABS.entries()) {
    const tab = at(`tab-${name}`);
    tab.addEventListener("click", () => open(name));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: TABS.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      open(TABS[(to + TABS.length) % TABS.length], true);
    });
  }
}

async function connect() {
  try {
    await choices.load();
    at("access").hidden = true;
    say("state", "Ready.");
  } catch (error) {
    const wanted = error.status === 401 || error.status === 403;
    at("access").hidden = !wanted;
    say("state", wanted ? "This service wants a key." : error.message, !wanted);
    if (wanted) at("key").focus();
  }
}

at("access").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(at("key").value);
  connect();
});
tabs();
text.start();
table.start();
runs.start();
choices.start((name) => ({ text: text.again, table: table.again, runs: () => undefined })[name]());
connect();
get("/readyz").catch(() => say("state", "The service is still loading its detectors."));
