import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get, when } from "/studio/api.js";
import { Form } from "/studio/form.js";

// The scenes of a run that waits for approval: move, change, leave out, then approve or reject.
export function Storyboard({ id, act }) {
  const [proposal, setProposal] = useState(null);
  const [forms, setForms] = useState({});
  const [scenes, setScenes] = useState([]);
  const [reason, setReason] = useState("");
  useEffect(() => {
    Promise.all([get(`/api/v1/runs/${id}/storyboard`), get("/api/v1/templates")]).then(([found, templates]) => {
      setProposal(found);
      setScenes(found.scenes);
      setForms(Object.fromEntries(templates.map((each) => [each.name, each.content])));
    }).catch(() => setProposal(null));
  }, [id]);
  if (!proposal) return null;
  const move = (place, by) => {
    const next = [...scenes];
    [next[place], next[place + by]] = [next[place + by], next[place]];
    setScenes(next);
  };
  const change = (place, fields) => setScenes(scenes.map((each, at) => (at === place ? { ...each, ...fields } : each)));
  const isChanged = JSON.stringify(scenes) !== JSON.stringify(proposal.scenes);
  return html`<section aria-labelledby="storyboard">
    <h2 id="storyboard">This run waits for your approval</h2>
    <dl class="facts">${estimateIn(proposal.page).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
      ${proposal.until && html`<dt>answer until</dt><dd>${when(proposal.until)}</dd>`}</dl>
    <ol class="scenes">${scenes.map((scene, place) => html`<li key=${scene.name + place}>
      <span class="head"><span class="number">${place + 1}</span>
        <input aria-label=${`Name of scene ${place + 1}`} value=${scene.name}
          onChange=${(event) => change(place, { name: event.target.value })} /></span>
      ${scene.template && forms[scene.template] && html`<${Form} schema=${forms[scene.template]} value=${scene.content}
        id=${`scene-${place}`} onChange=${(content) => change(place, { content })} />`}
      ${scene.prompt && html`<textarea aria-label=${`Prompt of scene ${place + 1}`} value=${scene.prompt}
        onChange=${(event) => change(place, { prompt: event.target.value })}></textarea>`}
      <span class="row">
        <button disabled=${place === 0} onClick=${() => move(place, -1)} aria-label=${`Move scene ${place + 1} up`}>↑</button>
        <button disabled=${place === scenes.length - 1} onClick=${() => move(place, 1)}
          aria-label=${`Move scene ${place + 1} down`}>↓</button>
        <button class="danger" disabled=${scenes.length === 1} aria-label=${`Leave out scene ${place + 1}`}
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

// The rows of the table in a page of markdown: what it will take.
function estimateIn(page) {
  const rows = page.split("\n").filter((line) => line.startsWith("|")).map((line) => line.split("|").slice(1, -1)
    .map((cell) => cell.trim()));
  return rows.filter(([name, value]) => name && value && !/^[-: ]+$/.test(name));
}
