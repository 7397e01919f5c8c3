/** The service, asked by HTTP. What goes wrong is a Problem, whose message is for the reader. */

export class Problem extends Error {
  /** @param field the field of the request that is to blame, if the service named one */
  constructor(words, status = 0, field = null) {
    super(words);
    this.status = status;
    this.field = field;
  }
}

const KEY = "anneal-token";

/** Carries a token from now on, until the tab is closed. */
export function useToken(token) {
  sessionStorage.setItem(KEY, token);
}

/** What can be asked for. */
export async function options() {
  return (await ask("v1/options", {})).json();
}

/** The trace that a request would have, but for its tokens. */
export async function plan(request, signal) {
  return (await ask("v1/plan", { ...post(request), signal })).json();
}

/** Runs a request, and gives its events: [kind, data] until [done, report]. */
export async function* anneal(request, signal) {
  const response = await ask("v1/anneal", { ...post({ ...request, stream: true }), signal });
  for await (const [kind, data] of events(response.body, signal)) {
    if (kind === "error") throw problem(0, data.error);
    yield [kind, data];
    if (kind === "done") return;
  }
  throw new Problem("The connection broke off. What came so far is shown.");
}

function post(request) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request) };
}

async function ask(path, init) {
  const token = sessionStorage.getItem(KEY);
  const headers = { ...init.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  let response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem("The service cannot be reached. Is it still running?");
  }
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({}));
  throw problem(response.status, error, response.headers.get("Retry-After"));
}

/** The events of a body; the rest of a stream that breaks is not missed, as its end is. */
async function* events(body, signal) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (true) {
    let read;
    try {
      read = await reader.read();
    } catch (failure) {
      if (signal.aborted) throw failure;
      return;
    }
    if (read.done) return;
    const parts = (text + read.value).split("\n\n");
    text = parts.pop();
    for (const part of parts) yield event(part);
  }
}

function event(part) {
  const field = name => part.split("\n").find(line => line.startsWith(name))?.slice(name.length) ?? "";
  return [field("event: "), JSON.parse(field("data: "))];
}

function problem(status, error, wait) {
  const message = error?.message ?? `it answered with status ${status}`;
  return new Problem(words(status, error?.code, message, wait), status, error?.param ?? null);
}

function words(status, code, message, wait) {
  if (status === 429) return `The service is busy: its queue is full. Try again in ${wait ?? 1} s.`;
  if (status === 401) return "The service asks for its token.";
  if (status === 503) return "The service is stopping, and takes no more requests.";
  if (status === 504 || code === "deadline_exceeded") return `The service ran out of time: ${message}.`;
  if (status >= 400 && status < 500) return `That cannot be run: ${message}.`;
  return `The service failed: ${message}.`;
}
