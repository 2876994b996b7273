// The HTTP API: requests, problems as sentences, and a stream of events that continues by itself.

const TOKEN = "callsheet-token";

export const token = () => sessionStorage.getItem(TOKEN) || "";
export const keepToken = (value) => sessionStorage.setItem(TOKEN, value);

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || `The server answers ${status}.`);
    this.status = status;
    this.problems = body.problems || (body.field ? [{ field: body.field, detail: body.detail }] : []);
  }
}

async function answerTo(method, path, body, { headers = {}, signal } = {}) {
  const given = token() ? { ...headers, authorization: `Bearer ${token()}` } : headers;
  let answer;
  try {
    answer = await fetch(path, { method, headers: given, body, signal });
  } catch {
    throw new Problem(0, { detail: "Callsheet can't be reached; this page tries again." });
  }
  if (answer.ok) return answer;
  let problem = {};
  try { problem = await answer.json(); } catch { /* no body that says more */ }
  throw new Problem(answer.status, problem);
}

function askWith(method, path, body, { headers, signal } = {}) {
  if (body === undefined) return answerTo(method, path, undefined, { headers, signal });
  return answerTo(method, path, JSON.stringify(body), { headers: { ...headers, "content-type": "application/json" }, signal });
}

export async function ask(method, path, body, headers) {
  const answer = await askWith(method, path, body, { headers });
  return answer.status === 204 ? null : answer.json();
}

export async function upload(file, kind) {
  const path = `/api/v1/uploads?kind=${kind}&name=${encodeURIComponent(file.name)}`;
  return (await answerTo("POST", path, file)).json();
}

// The picture or the sound that the answer to a request is.
export const blobOf = async (method, path, body, signal) => (await askWith(method, path, body, { signal })).blob();

export const get = (path) => ask("GET", path);
export const post = (path, body, headers) => ask("POST", path, body, headers);

// 32 random hexadecimal digits. The browser's own UUIDs are for pages of https alone, and of this machine.
export const randomId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Starts a run, and opens its page.
export async function startRun(kind, request) {
  const run = await post("/api/v1/runs", { kind, request }, { "idempotency-key": randomId() });
  location.hash = `#/run/${run.id}`;
}

// Calls `changed` after every event of a run. The browser connects again, and names its last event.
export function follow(runId, changed) {
  const query = token() ? `?access_token=${encodeURIComponent(token())}` : "";
  const source = new EventSource(`/api/v1/runs/${runId}/events${query}`);
  const kinds = ["run-scheduled", "run-started", "step-started", "progress", "warning", "retry-scheduled", "checkpoint",
    "paused", "completed", "failed", "cancelled"];
  for (const kind of kinds) {
    source.addEventListener(kind, (event) => {
      if (["completed", "failed", "cancelled"].includes(kind)) source.close();
      changed(JSON.parse(event.data));
    });
  }
  return () => source.close();
}

const KINDS = { "generate-video": "video", "generate-scene": "scene", "image-to-video": "picture",
  "animate-image-pairs": "pairs", "explain-document": "explainer", "script-to-movie": "movie", "backfill-videos": "backfill" };

// What a run makes, by its flow.
export const kindOf = (run) => KINDS[run.flow] || run.flow || "run";

const STATES = { Suspended: "Waits", Pending: "Begins", Scheduled: "In line", AwaitingRetry: "Waits for another try" };

// Prefect's name of a state, or a plainer one.
export const stateWords = (state) => STATES[state] || state;

export const clock = (seconds) => {
  const whole = Math.round(seconds || 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

export const when = (moment) => moment
  ? new Date(moment).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "";
