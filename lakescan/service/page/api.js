// Requests to the service, with the key that was typed in; and the same as a command for a shell.

let key = "";

export function useKey(text) {
  key = text.trim();
}

export const hasKey = () => key !== "";

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function headersOf(type, accept) {
  const headers = {};
  if (type) headers["content-type"] = type;
  if (accept) headers.accept = accept;
  if (key) headers.authorization = `Bearer ${key}`;
  return headers;
}

export async function ask(path, { method = "GET", body, type, accept } = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, body, headers: headersOf(body === undefined ? "" : type, accept) });
  } catch {
    throw new Refused(0, "The service does not answer.");
  }
  if (answer.ok) return answer;
  let message = `The service answers with ${answer.status}.`;
  try {
    message = (await answer.json()).error || message;
  } catch {
    // no JSON: the status has to do
  }
  throw new Refused(answer.status, message);
}

export const get = async (path) => (await ask(path)).json();

export async function post(path, value) {
  const answer = await ask(path, { method: "POST", body: JSON.stringify(value), type: "application/json" });
  return answer.json();
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export function curl(path, { type, data, file, accept } = {}) {
  const parts = [`curl -s ${quoted(location.origin + path)}`];
  if (key) parts.push('-H "authorization: Bearer $LAKESCAN_KEY"');
  if (type) parts.push(`-H ${quoted(`content-type: ${type}`)}`);
  if (accept) parts.push(`-H ${quoted(`accept: ${accept}`)}`);
  if (data !== undefined) parts.push(`-d ${quoted(data)}`);
  if (file !== undefined) parts.push(`--data-binary ${quoted(`@${file}`)}`);
  return parts.join(" \\\n  ");
}
