import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get, when } from "/studio/api.js";
import { Form } from "/studio/form.js";

const OF_A_SHOT = { action: "Action", size: "Size", angle: "Angle", movement: "Movement", length_s: "Length (seconds)" };
const KEY = /[a-z-]+\/[0-9a-f]{2}\/[0-9a-f]{64}\.[a-z0-9]+/;

// The scenes or shots of a run that waits for approval: move, change, leave out, then approve or reject.
export function Storyboard({ id, act }) {
  const [proposal, setProposal] = useState(null);
  const [forms, setForms] = useState({});
  const [shotForm, setShotForm] = useState(null);
  const [scenes, setScenes] = useState([]);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    Promise.all([get(`/api/v1/runs/${id}/storyboard`), get("/api/v1/templates"), get("/api/v1/kinds")])
      .then(([found, templates, kinds]) => {
        setProposal({ ...found, ...pageIn(found.page) });
        setScenes(found.scenes);
        setForms(Object.fromEntries(templates.map((each) => [each.name, each.content])));
        setShotForm(formOfShots(kinds));
      }).catch((error) => setProblem(error.message));
  }, [id]);
  if (!proposal) return problem && html`<p class="note bad" role="alert">${problem}</p>`;
  const move = (place, by) => {
    const next = [...scenes];
    [next[place], next[place + by]] = [next[place + by], next[place]];
    setScenes(next);
  };
  const change = (place, fields) => setScenes(scenes.map((each, at) => (at === place ? { ...each, ...fields } : each)));
  const isChanged = JSON.stringify(scenes) !== JSON.stringify(proposal.scenes);
  const { remarks, notes, rows, shown, animatic } = proposal;
  const isBoard = scenes.some(isShot);
  const what = isBoard ? "shot" : "scene";
  return html`<section aria-labelledby="storyboard">
    <h2 id="storyboard">This run waits for your approval</h2>
    ${remarks.map((each) => html`<p class="note bad" role="alert">${each}</p>`)}
    ${isBoard && html`<p>${notes[0]}</p><ul class="quiet">${notes.slice(1).map((each) => html`<li>${each}</li>`)}</ul>`}
    ${animatic && html`<video controls preload="metadata" src=${animatic} aria-label="Animatic"></video>`}
    <dl class="facts">${!isBoard && rows.map(([name, value]) => html`<dt>${name.text}</dt><dd>${value.text}</dd>`)}
      ${proposal.until && html`<dt>answer until</dt><dd>${when(proposal.until)}</dd>`}</dl>
    <ol class="scenes">${scenes.map((scene, place) => html`<li key=${scene.name + place}>
      ${isShot(scene)
        ? html`<${Shot} shot=${scene} seen=${shown.get(scene.name)} form=${shotForm} id=${`shot-${place}`}
            onChange=${(shot) => change(place, shot)} />`
        : html`<span class="head"><span class="number">${place + 1}</span>
            <input aria-label=${`Name of scene ${place + 1}`} value=${scene.name}
              onChange=${(event) => change(place, { name: event.target.value })} /></span>`}
      ${scene.template && forms[scene.template] && html`<${Form} schema=${forms[scene.template]} value=${scene.content}
        id=${`scene-${place}`} onChange=${(content) => change(place, { content })} />`}
      ${scene.prompt && html`<textarea aria-label=${`Prompt of scene ${place + 1}`} value=${scene.prompt}
        onChange=${(event) => change(place, { prompt: event.target.value })}></textarea>`}
      <span class="row">
        <button disabled=${place === 0} onClick=${() => move(place, -1)} aria-label=${`Move ${what} ${place + 1} up`}>↑</button>
        <button disabled=${place === scenes.length - 1} onClick=${() => move(place, 1)}
          aria-label=${`Move ${what} ${place + 1} down`}>↓</button>
        <button class="danger" disabled=${scenes.length === 1} aria-label=${`Leave out ${what} ${place + 1}`}
          onClick=${() => setScenes(scenes.filter((_, at) => at !== place))}>Leave out</button>
      </span></li>`)}</ol>
    <p class="row">
      <button class="main" onClick=${() => act("approve", isChanged ? { scenes } : {})}>
        ${isChanged ? "Approve as changed" : "Approve"}</button>
      <input aria-label="Reason for a rejection" placeholder="Reason" value=${reason}
        onInput=${(event) => setReason(event.target.value)} />
      <button class="danger" onClick=${() => act("reject", { reason })}>Reject</button>
    </p>
  </section>`;
}

// A shot with its panel: what is said or done in it, how the camera sees it, and a form that changes that.
function Shot({ shot, seen = {}, form, id, onChange }) {
  const [isOpen, setOpen] = useState(false);
  const { panel, scene: heading, "said or done": said, warnings } = seen;
  const camera = [shot.size, shot.angle, shot.movement].map((each) => each.replaceAll("-", " ")).join(", ");
  return html`<div class="shot">
    ${panel?.picture && html`<img src=${panel.picture} alt=${`Panel of shot ${shot.name}`} loading="lazy" width="480" height="270" />`}
    <div>
      <p class="head"><span class="number">${shot.name}</span><span class="name">${heading?.text}</span>
        <span class="state">${shot.length_s.toFixed(1)} s</span></p>
      <p>${said?.text || shot.action}</p>
      <p class="quiet">${camera}</p>
      ${warnings?.text && html`<p class="warning"><small>${warnings.text}</small></p>`}
      ${form && html`<details onToggle=${(event) => setOpen(event.target.open)}><summary>Change shot ${shot.name}</summary>
        ${isOpen && html`<${Form} schema=${form.shot} root=${form.root} value=${shot} id=${id} isInRow=${true}
          onChange=${onChange} />`}</details>`}
    </div></div>`;
}

const isShot = (scene) => "movement" in scene;

// The fields of a shot that a person changes, as the form of films of screenplays has them.
function formOfShots(kinds) {
  const root = kinds.find((each) => each.kind === "movie")?.request;
  const fields = root?.$defs?.ShotBrief?.properties;
  if (!fields) return null;
  const named = Object.entries(OF_A_SHOT).map(([name, title], position) => [name, { ...fields[name], title, position }]);
  return { root, shot: { properties: Object.fromEntries(named), required: Object.keys(OF_A_SHOT) } };
}

// What a page of markdown says: its remarks on the last answer, its notes, the animatic, the rows of its table, and what a
// board shows of each shot, by the heads of the columns.
function pageIn(page) {
  const lines = page.split("\n").map((line) => line.trim()).filter(Boolean);
  const others = lines.filter((line) => !line.startsWith("|") && !line.startsWith("#"));
  const film = (line) => line.match(KEY)?.[0].endsWith(".mp4");
  const bold = (line) => line.startsWith("**");
  const [heads = [], ...cells] = lines.filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map(cellIn));
  const rows = cells.filter(([name, value]) => name.text && (value.text || value.picture) && !/^[-: ]+$/.test(name.text));
  const named = rows.map((row) => Object.fromEntries(heads.map((head, at) => [head.text, row[at]])));
  return {
    remarks: others.filter(bold).map((line) => line.replaceAll("**", "")),
    animatic: others.filter(film).map((line) => `/media/${line.match(KEY)[0]}`)[0],
    notes: others.filter((line) => !bold(line) && !film(line)).map((line) => textOf(line.replace(/^- /, ""))),
    rows,
    shown: new Map(named.map((row) => [row.shot?.text, row])),
  };
}

// A cell shows text or a picture of the store.
function cellIn(written) {
  const key = written.match(KEY);
  return { text: textOf(written), picture: key && `/media/${key[0]}` };
}

// The text of words that are escaped for a page. Nothing of a document that is parsed so runs or loads.
const textOf = (written) => new DOMParser().parseFromString(written, "text/html").body.textContent.trim();
