import { html, useState } from "/studio/vendor/htm_preact.js";
import { startRun } from "/studio/api.js";
import { PROFILES } from "/studio/new.js";
import { Choice, FileOrText, sent } from "/studio/source_form.js";
import { Hear, namesOf, useVoices, VoiceChoice } from "/studio/voices.js";

const MODES = [["full", "The whole film"], ["trailer", "A trailer, without the ending"]];
const LENGTHS = [["30", "30 seconds"], ["60", "One minute"], ["90", "90 seconds"], ["120", "Two minutes"]];
const EXAMPLE = "INT. KITCHEN - NIGHT\n\nANNA (30), in a green dress, holds a lamp.\n\nANNA\nWho put out the light?";

// A screenplay becomes a film or a trailer: choose a file or write it, then mode, length and voices.
export function FilmScreenplay() {
  const [file, setFile] = useState(null);
  const [script, setScript] = useState("");
  const [title, setTitle] = useState("");
  const [mode, setMode] = useState("full");
  const [length, setLength] = useState("60");
  const [profile, setProfile] = useState("hd");
  const [voice, setVoice] = useState("");
  const [cast, setCast] = useState([]);
  const [approval, setApproval] = useState(true);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const voices = useVoices(setProblem);

  const start = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const request = { ...(file ? await sent(file, "screenplay", "Film") : { script }), mode, profile, approval };
      if (title.trim()) request.title = title;
      if (mode === "trailer") request.length_s = Number(length);
      if (voice) request.voice = { voice };
      const chosen = cast.filter((each) => each.name.trim() && each.voice);
      request.voices = Object.fromEntries(chosen.map((each) => [each.name.trim(), each.voice]));
      await startRun("movie", request);
    } catch (error) { setProblem(error.message); setBusy(false); }
  };
  return html`
    <h1>Film a screenplay</h1>
    <p class="lead">A screenplay in Fountain, Final Draft (FDX) or PDF becomes a film: drawn shots, voices and captions.</p>
    <form onSubmit=${start}>
      <${FileOrText} name="Screenplay" accept=".fountain,.fdx,.pdf,.txt" file=${file} onFile=${setFile} text=${script}
        onText=${setScript} textLabel="Or write it, in Fountain" example=${EXAMPLE} />
      <div class="row wide">
        <div class="field grow"><label for="title">Title (optional)</label>
          <input id="title" maxlength="200" value=${title} placeholder=${file ? "The name of the file" : ""}
            onInput=${(event) => setTitle(event.target.value)} /></div>
        <${Choice} id="mode" label="Film" choices=${MODES} value=${mode} onChange=${setMode} />
        ${mode === "trailer" && html`<${Choice} id="length" label="Length" choices=${LENGTHS} value=${length}
          onChange=${setLength} />`}
        <${Choice} id="profile" label="Size" choices=${PROFILES} value=${profile} onChange=${setProfile} />
      </div>
      <${VoiceChoice} legend="Narrator's voice" usual="The best for the language" voices=${voices} value=${voice}
        onChange=${setVoice} />
      <${Cast} voices=${voices} cast=${cast} onChange=${setCast} />
      <div class="last">
        ${problem && html`<p class="note bad" role="alert">${problem}</p>`}
        <label class="check"><input type="checkbox" checked=${approval}
          onChange=${(event) => setApproval(event.target.checked)} /> Show me the board before it is made</label>
        <button class="main" disabled=${isBusy || !(file || script.trim())}>${isBusy ? "It starts …" : "Make the film"}</button>
      </div>
    </form>`;
}

// Who speaks with which voice. Each character that is not here gets another voice.
function Cast({ voices, cast, onChange }) {
  const change = (place, fields) => onChange(cast.map((each, at) => (at === place ? { ...each, ...fields } : each)));
  const add = () => {
    onChange([...cast, { name: "", voice: "" }]);
    setTimeout(() => document.getElementById(`character-${cast.length}`)?.focus());
  };
  return html`<fieldset><legend>Voices of characters</legend>
    <p class="quiet">Callsheet gives each character another voice. Choose those that you want yourself.</p>
    ${cast.map((each, place) => html`<div class="row wide cast" key=${place}>
      <div class="field grow"><label for=${`character-${place}`}>Character ${place + 1}</label>
        <input id=${`character-${place}`} value=${each.name} maxlength="100" placeholder="ANNA"
          onInput=${(event) => change(place, { name: event.target.value })} /></div>
      <${Choice} id=${`character-${place}-voice`} label=${`Voice of character ${place + 1}`}
        choices=${namesOf(voices, "Any")} value=${each.voice} onChange=${(chosen) => change(place, { voice: chosen })} />
      ${each.voice && html`<${Hear} key=${each.voice} voice=${voices.find((known) => known.name === each.voice)} />`}
      <button type="button" class="danger" aria-label=${`Remove character ${place + 1}`}
        onClick=${() => onChange(cast.filter((_, at) => at !== place))}>Remove</button></div>`)}
    <button type="button" onClick=${add}>Choose a character's voice</button></fieldset>`;
}
