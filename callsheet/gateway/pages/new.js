import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get, startRun } from "/studio/api.js";
import { Form } from "/studio/form.js";
import { prepare, Preview } from "/studio/preview.js";

export const PROFILES = [["draft", "Draft, quick"], ["hd", "HD, 1280×720"], ["full-hd", "Full HD, 1920×1080"],
  ["portrait", "Portrait, for phones"], ["square", "Square"],
  ["draft-portrait", "Draft, portrait"], ["draft-square", "Draft, square"]];

export function NewVideo() {
  const [templates, setTemplates] = useState([]);
  const [themes, setThemes] = useState([]);
  const [title, setTitle] = useState("");
  const [profile, setProfile] = useState("hd");
  const [theme, setTheme] = useState("midnight");
  const [approval, setApproval] = useState(false);
  const [scenes, setScenes] = useState([]);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    prepare();
    get("/api/v1/templates").then(setTemplates).catch(setProblem);
    get("/api/v1/looks").then((look) => setThemes(themesIn(look))).catch(setProblem);
  }, []);

  const add = (template) => {
    const id = Math.max(-1, ...scenes.map((each) => each.id)) + 1;
    const scene = { name: `${capital(template.name)} ${scenes.length + 1}`, template: template.name, content: template.example };
    setScenes([...scenes, { id, ...scene }]);
    setTimeout(() => document.getElementById(`scene-${id}-name`)?.focus());
  };
  const change = (place, fields) => setScenes(scenes.map((each, at) => (at === place ? { ...each, ...fields } : each)));
  const move = (place, by) => {
    const next = [...scenes];
    [next[place], next[place + by]] = [next[place + by], next[place]];
    setScenes(next);
  };
  const start = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const request = { title, profile, approval, look: { theme }, scenes: scenes.map(({ id, ...scene }) => scene) };
      await startRun("video", request);
    } catch (error) { setProblem(error); setBusy(false); }
  };
  const problems = Object.fromEntries((problem?.problems || []).map((each) => [each.field, each.detail]));
  return html`
    <h1>New video</h1>
    <p class="lead">Give it a title, and add scenes. Each begins with an example that you change.</p>
    <form onSubmit=${start}>
      <div class="row wide">
        <div class="field grow"><label for="title">Title</label>
          <input id="title" required maxlength="200" value=${title} onInput=${(event) => setTitle(event.target.value)} /></div>
        <div class="field"><label for="profile">Size</label>
          <select id="profile" value=${profile} onChange=${(event) => setProfile(event.target.value)}>
            ${PROFILES.map(([value, words]) => html`<option value=${value}>${words}</option>`)}</select></div>
      </div>
      <${LookChoice} themes=${themes} value=${theme} onChange=${setTheme} />
      ${scenes.length > 0 && html`<h2>Scenes</h2>`}
      <ol class="scenes">${scenes.map((scene, place) => html`<li key=${scene.id} class="written">
        <div class="head"><span class="number">${place + 1}</span>
          <input id=${`scene-${scene.id}-name`} aria-label=${`Name of scene ${place + 1}`} value=${scene.name}
            onInput=${(event) => change(place, { name: event.target.value })} />
          <span class="state">${capital(scene.template)}</span>
          <button type="button" disabled=${place === 0} onClick=${() => move(place, -1)}
            aria-label=${`Move scene ${place + 1} up`}>↑</button>
          <button type="button" disabled=${place === scenes.length - 1} onClick=${() => move(place, 1)}
            aria-label=${`Move scene ${place + 1} down`}>↓</button>
          <button type="button" class="danger" aria-label=${`Remove scene ${place + 1}`}
            onClick=${() => setScenes(scenes.filter((_, at) => at !== place))}>Remove</button></div>
        <div class="sides">
          <${Form} schema=${templates.find((each) => each.name === scene.template)?.content || {}} value=${scene.content}
            id=${`scene-${scene.id}`} problems=${problems} path=${`request.scenes.${place}.content`}
            onChange=${(content) => change(place, { content })} />
          <${Preview} template=${scene.template} content=${scene.content} look=${{ theme }} profile=${profile}
            place=${place} />
        </div>
      </li>`)}</ol>
      <h2>Add a scene</h2>
      <div class="templates">${templates.filter((each) => each.name !== "placeholder").map((each) => html`
        <button type="button" onClick=${() => add(each)}>
          ${picture(`template-${each.name}`)}<span>${capital(each.name)}<small>${each.shows}</small></span></button>`)}</div>
      <div class="last">
        ${problem && html`<p class="note bad" role="alert">${problem.message}</p>`}
        <label class="check"><input type="checkbox" checked=${approval}
          onChange=${(event) => setApproval(event.target.checked)} /> Show me the estimate, and ask me before it is made</label>
        <button class="main" disabled=${isBusy || !scenes.length || !title}>
          ${isBusy ? "It starts …" : "Make the video"}</button>
      </div>
    </form>`;
}

// The looks as pictures, of which one is chosen.
export function LookChoice({ themes, value, onChange }) {
  return html`<fieldset class="looks"><legend>Look</legend>${themes.map((each) => html`<label>
    <input type="radio" name="look" value=${each} checked=${each === value} onChange=${() => onChange(each)} />
    ${picture(`look-${each}`)}<span>${capital(each)}</span></label>`)}</fieldset>`;
}

export const themesIn = (look) =>
  Object.values(look.$defs || {}).flatMap((each) => (each.enum?.includes("midnight") ? each.enum : []));

const picture = (name) => html`<img src=${`/studio/pictures/${name}.webp`} alt="" width="320" height="180"
  loading="lazy" onError=${(event) => { event.target.hidden = true; }} />`;

const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");
