import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get, post } from "/studio/api.js";
import { Form } from "/studio/form.js";

export const PROFILES = [["draft", "Draft, quick"], ["hd", "HD, 1280×720"], ["full-hd", "Full HD, 1920×1080"],
  ["portrait", "Portrait, for phones"], ["square", "Square"]];

export function NewVideo() {
  const [templates, setTemplates] = useState([]);
  const [title, setTitle] = useState("");
  const [profile, setProfile] = useState("hd");
  const [approval, setApproval] = useState(false);
  const [scenes, setScenes] = useState([]);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => { get("/api/v1/templates").then(setTemplates).catch(setProblem); }, []);

  const add = (template) => setScenes([...scenes,
    { name: `${capital(template.name)} ${scenes.length + 1}`, template: template.name, content: template.example }]);
  const change = (place, fields) => setScenes(scenes.map((each, at) => (at === place ? { ...each, ...fields } : each)));
  const start = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const request = { title, profile, approval, scenes };
      const run = await post("/api/v1/runs", { kind: "video", request }, { "idempotency-key": crypto.randomUUID() });
      location.hash = `#/run/${run.id}`;
    } catch (error) { setProblem(error); setBusy(false); }
  };
  const problems = Object.fromEntries((problem?.problems || []).map((each) => [each.field, each.detail]));
  return html`
    <h1>New video</h1>
    <p class="lead">Give it a title, and add scenes. Each begins with an example that you change.</p>
    ${problem && html`<p class="note bad" role="alert">${problem.message}</p>`}
    <form onSubmit=${start}>
      <div class="field"><label for="title">Title</label>
        <input id="title" required maxlength="200" value=${title} onInput=${(event) => setTitle(event.target.value)} /></div>
      <div class="row">
        <div class="field"><label for="profile">Size</label>
          <select id="profile" value=${profile} onChange=${(event) => setProfile(event.target.value)}>
            ${PROFILES.map(([value, words]) => html`<option value=${value}>${words}</option>`)}</select></div>
        <div class="field"><label><input type="checkbox" checked=${approval}
          onChange=${(event) => setApproval(event.target.checked)} /> Ask me before it is made</label></div>
      </div>
      <ol class="scenes">${scenes.map((scene, place) => html`<li key=${place}>
        <span class="head"><span class="number">${place + 1}</span>
          <input aria-label=${`Name of scene ${place + 1}`} value=${scene.name}
            onInput=${(event) => change(place, { name: event.target.value })} />
          <span class="state">${scene.template}</span></span>
        <${Form} schema=${templates.find((each) => each.name === scene.template)?.content || {}} value=${scene.content}
          id=${`scene-${place}`} problems=${problems} path=${`request.scenes.${place}.content`}
          onChange=${(content) => change(place, { content })} />
        <span><button type="button" class="danger"
          onClick=${() => setScenes(scenes.filter((_, at) => at !== place))}>Remove this scene</button></span>
      </li>`)}</ol>
      <h2>Add a scene</h2>
      <div class="templates">${templates.filter((each) => each.name !== "placeholder").map((each) => html`
        <button type="button" onClick=${() => add(each)}>${capital(each.name)}<small>${each.shows}</small></button>`)}</div>
      <p><button class="main" disabled=${isBusy || !scenes.length || !title}>
        ${isBusy ? "It starts …" : "Make the video"}</button></p>
    </form>`;
}

const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
