// Which policy looks, and what becomes of what is found; and the command that does the same.

import { get } from "./api.js";
import { at, make } from "./dom.js";

const commands = new Map();
let facts = new Map();
let tab = "text";

export function chosen() {
  const operator = at("operator").value;
  return {
    policy: at("policy").value || undefined,
    operators: operator ? { "*": { operator } } : undefined,
  };
}

// Keeps the command of a tab, and shows that of the one that is looked at.
export function show(name, command) {
  commands.set(name, command);
  turn(tab);
}

export function turn(name) {
  tab = name;
  at("request").hidden = !commands.has(name);
  at("curl").textContent = commands.get(name) || "";
  at("copied").textContent = "";
  at("tools").hidden = false;
}

function told() {
  const each = facts.get(at("operator").value);
  if (!each) {
    at("operator-note").textContent = "Each kind of finding is treated as the policy's own rules say.";
    return;
  }
  const words = [each.description];
  if (each.reversible) words.push("Can be undone with the key.");
  at("operator-note").textContent = words.join(" ");
}

export async function load() {
  const [policies, operators] = await Promise.all([get("/v1/policies"), get("/v1/operators")]);
  at("policy").replaceChildren(...policies.map((each) => make("option", { value: each.policy }, `${each.policy} (${each.accuracy_mode})`)));
  const usable = operators.filter((each) => each.for_texts && !("required" in each) && each.operator !== "truncate");
  facts = new Map(usable.map((each) => [each.operator, each]));
  at("operator").replaceChildren(
    make("option", { value: "" }, "as the policy says"),
    ...usable.map((each) =>
      make("option", { value: each.operator, disabled: !each.available }, each.available ? each.operator : `${each.operator} (needs a keyring)`),
    ),
  );
  told();
}

export function start(changed) {
  for (const id of ["policy", "operator"]) {
    at(id).addEventListener("change", () => {
      told();
      changed(tab);
    });
  }
  at("copy").addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(at("curl").textContent);
      at("copied").textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(at("curl"));
      at("copied").textContent = "Selected: copy it with Ctrl + C.";
    }
  });
}
