import { html, useCallback, useEffect, useRef, useState } from "/studio/vendor/htm_preact.js";
import { clock, follow, get, kindOf, post, stateWords, when } from "/studio/api.js";
import { Share } from "/studio/share.js";
import { Storyboard } from "/studio/storyboard.js";

const PAUSE_MS = 400;
const EVERY_MS = 5000;

export function RunPage({ id }) {
  const [view, setView] = useState(null);
  const [film, setFilm] = useState(null);
  const [problem, setProblem] = useState("");
  const waiting = useRef(0);

  const look = useCallback(async () => {
    try {
      const seen = await get(`/api/v1/runs/${id}`);
      setView(seen);
      setProblem("");
      if (seen.status.is_completed) setFilm(await get(`/api/v1/films/${id}`).catch(() => null));
    } catch (error) { setProblem(error.message); }
  }, [id]);

  useEffect(() => {
    setView(null);
    setFilm(null);
    look();
    const soon = () => { clearTimeout(waiting.current); waiting.current = setTimeout(look, PAUSE_MS); };
    const stop = follow(id, soon);
    const timer = setInterval(() => document.hidden || look(), EVERY_MS);
    return () => { stop(); clearTimeout(waiting.current); clearInterval(timer); };
  }, [id]);

  if (!view) return html`<p class="loading" role="status">${problem || "The run opens …"}</p>`;
  const { run, status } = view;
  const act = async (verb, body) => {
    try {
      const answer = await post(`/api/v1/runs/${id}/${verb}`, body);
      if (answer.id !== id) { location.hash = `#/run/${answer.id}`; return; }
      await look();
    } catch (error) { setProblem(error.message); }
  };
  return html`
    <h1>${run.name}</h1>
    <p class="lead">${kindOf(run)} · ${stateWords(status.state)} · ${when(run.created_at)}
      ${run.owner && ` · ${run.owner}`}</p>
    ${problem && html`<p class="note bad" role="alert">${problem}</p>`}
    ${!status.is_completed && status.is_final && html`<p class="note bad" role="alert">${status.message}
      <br /><small>Retry continues the run; what is done is kept.</small></p>`}
    ${status.waits_for_provider && html`<p class="note" role="status">It waits for ${status.waits_for_provider}, and
      continues by itself when that answers again.</p>`}
    <div class="two">
      <div>
        ${film ? html`<${Player} film=${film} /><${Share} id=${id} />`
          : !status.needs_approval && html`<${Progress} status=${status} />`}
        ${status.needs_approval && html`<${Storyboard} id=${id} act=${act} />`}
      </div>
      <div>
        <div class="row">${buttons(status, act)}</div>
        ${!status.needs_approval && html`<h2>Scenes</h2>
          <ol class="scenes">${status.scenes.map((scene) => sceneRow(scene, status, act, film))}</ol>`}
        <h2>Facts</h2>
        <dl class="facts">
          <dt>Run</dt><dd><a href=${run.ui_url}>${run.id.slice(0, 8)} in Prefect</a></dd>
          <dt>Cost</dt><dd>$${status.spent_usd.toFixed(2)}</dd>
          ${status.queue_position && html`<dt>Place in line</dt><dd>${status.queue_position}</dd>`}
          ${film && html`<dt>Made from</dt><dd>${film.made_from}</dd>
            <dt>Picture</dt><dd>${film.width}×${film.height}, ${clock(film.duration_s)}</dd>`}
          ${film && film.voices.length > 0 && html`<dt>Spoken by</dt><dd>${film.voices.join(", ")}</dd>`}
        </dl>
        <${Steps} id=${id} />
      </div>
    </div>`;
}

function Progress({ status }) {
  const percent = Math.round(status.percentage);
  return html`<div class="poster"><span class="doing" aria-live="polite">${status.doing || status.state}</span></div>
    <p class="row"><span class="bar" style="flex:1" role="progressbar" aria-label="Progress" aria-valuemin="0"
      aria-valuemax="100" aria-valuenow=${percent}><span style=${`width:${percent}%`}></span></span>
      <span>${percent} %</span></p>`;
}

function Player({ film }) {
  const video = useRef(null);
  const seek = (second) => { video.current.currentTime = second; video.current.play(); };
  return html`
    <video ref=${video} controls preload="metadata" poster=${film.poster}>
      <source src=${film.video} type="video/mp4" />
      ${film.captions && html`<track kind="captions" src=${film.captions} srclang=${film.language || "en"} label="Captions" default />`}
    </video>
    <p class="row">
      <a class="button" href=${film.video} download=${`${film.title}.mp4`}>Download MP4</a>
      ${film.captions && html`<a class="button" href=${film.captions} download=${`${film.title}.vtt`}>Captions</a>`}
      <a class="button" href=${film.contact_sheet}>Contact sheet</a>
      <a class="button" href=${film.manifest}>Manifest</a>
    </p>
    <h2>Chapters</h2>
    <p class="row">${film.chapters.map((chapter) => html`<button onClick=${() => seek(chapter.start_s)}>
      ${clock(chapter.start_s)} ${chapter.name}</button>`)}</p>`;
}

// The steps of the run, with their attempts and what went wrong.
function Steps({ id }) {
  const [steps, setSteps] = useState(null);
  const open = (event) => event.target.open && get(`/api/v1/runs/${id}/steps`).then(setSteps).catch(() => setSteps([]));
  return html`<details onToggle=${open}><summary>Steps and attempts</summary>
    ${steps === null ? html`<p class="quiet">…</p>` : html`<ol class="steps">${steps.map((each) => html`<li>
      <b>${each.step}</b>${each.scene && ` · ${each.scene}`} <span class="quiet">${each.state}${
        each.attempt > 1 ? `, try ${each.attempt}` : ""}</span>
      ${each.message && html`<br /><small class="quiet">${each.message}</small>`}</li>`)}</ol>`}</details>`;
}

// The end of a scene's clip, as a picture. A card in the place of a scene that failed is in the film alone.
function still(scene, film) {
  const address = scene.clip ? `/media/${scene.clip}` : film?.chapters.find((each) => each.name === scene.name)?.clip;
  if (!address) return null;
  const showEnd = (event) => { event.target.currentTime = Math.max(0, event.target.duration - 0.5); };
  return html`<video class="still" src=${address} preload="metadata" muted playsinline tabindex="-1" aria-hidden="true"
    onLoadedMetadata=${showEnd}></video>`;
}

function sceneRow(scene, status, act, film) {
  const isOver = status.is_final && status.is_completed;
  return html`<li key=${scene.number}>
    ${still(scene, film)}
    <span class="head"><span class="number">${scene.number}</span><span class="name">${scene.name}</span>
      <span class=${`state ${scene.state}`}>${scene.state}${scene.attempt > 1 ? `, try ${scene.attempt}` : ""}</span></span>
    ${scene.step && scene.state !== "ready" && html`<small class="quiet">${scene.step}</small>`}
    ${scene.message && html`<small class="quiet">${scene.message}</small>`}
    ${scene.state === "running" && html`<span class="bar" aria-hidden="true"><span style=${`width:${scene.percentage}%`}></span></span>`}
    ${isOver && html`<span><button onClick=${() => act("regenerate", { scene: scene.number })}
      aria-label=${`Make scene ${scene.number} again`}>Make again</button></span>`}
  </li>`;
}

function buttons(status, act) {
  const can = {
    pause: status.state === "Running",
    resume: ["Suspended", "Paused"].includes(status.state) && !status.needs_approval,
    retry: status.is_final && !status.is_completed,
    cancel: !status.is_final,
  };
  const words = { pause: "Pause", resume: "Resume", retry: "Retry", cancel: "Cancel" };
  return Object.keys(can).filter((verb) => can[verb]).map((verb) => html`
    <button class=${verb === "cancel" ? "danger" : ""} onClick=${() => act(verb)}>${words[verb]}</button>`);
}
