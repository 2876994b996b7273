import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get, post, upload } from "/studio/api.js";
import { LookChoice, PROFILES, themesIn } from "/studio/new.js";

const LENGTHS = [["", "As long as usual, 90 seconds"], ["30", "30 seconds"], ["60", "One minute"], ["180", "Three minutes"],
  ["360", "Six minutes"]];

// A document becomes a narrated film: choose a file or write a text, then voice, look and length.
export function ExplainDocument() {
  const [file, setFile] = useState(null);
  const [text, setText] = useState("");
  const [length, setLength] = useState("");
  const [voice, setVoice] = useState("");
  const [theme, setTheme] = useState("midnight");
  const [profile, setProfile] = useState("hd");
  const [approval, setApproval] = useState(false);
  const [voices, setVoices] = useState([]);
  const [themes, setThemes] = useState([]);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    get("/api/v1/voices").then(setVoices).catch((error) => setProblem(error.message));
    get("/api/v1/looks").then((look) => setThemes(themesIn(look))).catch((error) => setProblem(error.message));
  }, []);

  const start = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const source = file ? { document: (await upload(file, "document")).key, title: stem(file.name) } : { text };
      const request = { ...source, profile, approval };
      if (length) request.length_s = Number(length);
      if (voice) request.voice = { voice };
      request.look = { theme };
      const run = await post("/api/v1/runs", { kind: "explainer", request }, { "idempotency-key": crypto.randomUUID() });
      location.hash = `#/run/${run.id}`;
    } catch (error) { setProblem(error.message); setBusy(false); }
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length) setFile(event.dataTransfer.files[0]);
  };
  return html`
    <h1>Explain a document</h1>
    <p class="lead">A README, a paper, slides or a web page becomes a narrated film with captions.</p>
    ${problem && html`<p class="note bad" role="alert">${problem}</p>`}
    <form onSubmit=${start}>
      <div class=${`empty${isOver ? " over" : ""}`} onDragOver=${(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave=${() => setOver(false)} onDrop=${drop}>
        <p>${file ? html`<b>${file.name}</b>` : "Drop a file here, or choose one."}</p>
        <input type="file" aria-label="Document" onChange=${(event) => setFile(event.target.files[0] || null)} />
      </div>
      <div class="field"><label for="text">Or write a text</label>
        <textarea id="text" rows="6" disabled=${Boolean(file)} value=${text}
          onInput=${(event) => setText(event.target.value)}></textarea></div>
      <div class="row">
        ${choice("length", "Length", LENGTHS, length, setLength)}
        ${choice("voice", "Voice", [["", "The best for the language"], ...voices.filter((each) => each.provider !== "espeak")
          .map((each) => [each.name, `${each.name}, ${each.language}`])], voice, setVoice)}
        ${choice("profile", "Size", PROFILES, profile, setProfile)}
      </div>
      <${LookChoice} themes=${themes} value=${theme} onChange=${setTheme} />
      <div class="field"><label class="check"><input type="checkbox" checked=${approval}
        onChange=${(event) => setApproval(event.target.checked)} /> Show me the storyboard before it is made</label></div>
      <button class="main" disabled=${isBusy || !(file || text.trim())}>${isBusy ? "It starts …" : "Make the film"}</button>
    </form>`;
}

function choice(id, label, choices, value, onChange) {
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} value=${value} onChange=${(event) => onChange(event.target.value)}>
      ${choices.map(([each, words]) => html`<option value=${each}>${words}</option>`)}</select></div>`;
}

const stem = (name) => name.replace(/\.[^.]*$/, "").slice(0, 200) || "Explainer";
