import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { clock, get, kindOf, stateWords, when } from "/studio/api.js";

const EVERY_MS = 5000;

export function Library() {
  const [shelf, setShelf] = useState(null);
  const [problem, setProblem] = useState("");
  const [words, setWords] = useState("");
  const [kind, setKind] = useState("");
  const [owner, setOwner] = useState("");

  useEffect(() => {
    let isHere = true;
    const look = async () => {
      try {
        const [films, runs] = await Promise.all([get("/api/v1/films?limit=200"), get("/api/v1/runs?limit=200")]);
        if (isHere) { setShelf({ films, runs }); setProblem(""); }
      } catch (error) { if (isHere) setProblem(error.message); }
    };
    look();
    const timer = setInterval(() => document.hidden || look(), EVERY_MS);
    return () => { isHere = false; clearInterval(timer); };
  }, []);

  if (!shelf) return html`<p class="loading" role="status">${problem || "The library opens …"}</p>`;
  const made = new Set(shelf.films.map((film) => film.run_id));
  const active = shelf.runs.filter((run) => !made.has(run.id) && run.state !== "Completed");
  const owners = new Map(shelf.runs.map((run) => [run.id, run.owner]));
  const films = shelf.films.map((film) => ({ ...film, owner: owners.get(film.run_id) || "" }));
  const items = [...active.map((run) => ({ ...run, title: run.name, kind: kindOf(run), isActive: true })), ...films];
  const names = [...new Set(items.map((each) => each.owner).filter(Boolean))].sort();
  const kinds = [...new Set(items.map((each) => each.kind))].sort();
  const shown = items.filter((each) => (!kind || each.kind === kind) && (!owner || each.owner === owner)
    && each.title.toLowerCase().includes(words.trim().toLowerCase()));
  return html`
    <h1>Library</h1>
    <p class="lead">${shelf.films.length} ${shelf.films.length === 1 ? "video" : "videos"}, the latest first.</p>
    ${problem && html`<p class="note bad" role="alert">${problem}</p>`}
    <div class="row filters" role="search">
      <input type="search" aria-label="Search titles" placeholder="Search titles" value=${words}
        onInput=${(event) => setWords(event.target.value)} />
      <select aria-label="Kind of video" value=${kind} onChange=${(event) => setKind(event.target.value)}>
        <option value="">All kinds</option>
        ${kinds.map((each) => html`<option value=${each}>${each}</option>`)}
      </select>
      ${names.length > 0 && html`<select aria-label="Owner" value=${owner} onChange=${(event) => setOwner(event.target.value)}>
        <option value="">All owners</option>
        ${names.map((each) => html`<option value=${each}>${each}</option>`)}
      </select>`}
    </div>
    ${shown.length === 0 && html`<div class="empty">
      <p>${items.length ? "No video is like that; search for less." : "There is no video yet."}</p>
      <a class="button main" href="#/new">Make a video</a></div>`}
    <ul class="shelf">${shown.map((each) => html`<li key=${each.run_id || each.id}>${card(each)}</li>`)}</ul>`;
}

function card(item) {
  const id = item.run_id || item.id;
  return html`<a class="card" href=${`#/run/${id}`}>
    <span class="poster">
      ${item.thumbnail ? html`<img src=${item.thumbnail} alt="" loading="lazy" />`
        : html`<span class="doing">${stateWords(item.state)}</span>`}
      ${item.duration_s && html`<span class="length">${clock(item.duration_s)}</span>`}
    </span>
    <span class="words"><span class="title">${item.title}</span>
      <small>${item.kind}${item.isActive ? ` · ${stateWords(item.state)}` : ""}${item.owner ? ` · ${item.owner}` : ""} · ${when(item.created_at)}</small></span>
  </a>`;
}
