import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get, startRun } from "/studio/api.js";
import { LookChoice, PROFILES, themesIn } from "/studio/new.js";
import { Choice, FileOrText, sent } from "/studio/source_form.js";
import { useVoices, VoiceChoice } from "/studio/voices.js";

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
  const [themes, setThemes] = useState([]);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const voices = useVoices(setProblem);
  useEffect(() => {
    get("/api/v1/looks").then((look) => setThemes(themesIn(look))).catch((error) => setProblem(error.message));
  }, []);

  const start = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const source = file ? await sent(file, "document", "Explainer") : { text };
      const request = { ...source, profile, approval, look: { theme } };
      if (length) request.length_s = Number(length);
      if (voice) request.voice = { voice };
      await startRun("explainer", request);
    } catch (error) { setProblem(error.message); setBusy(false); }
  };
  return html`
    <h1>Explain a document</h1>
    <p class="lead">A README, a paper, slides or a web page becomes a narrated film with captions.</p>
    ${problem && html`<p class="note bad" role="alert">${problem}</p>`}
    <form onSubmit=${start}>
      <${FileOrText} name="Document" file=${file} onFile=${setFile} text=${text} onText=${setText}
        textLabel="Or write a text" />
      <div class="row">
        <${Choice} id="length" label="Length" choices=${LENGTHS} value=${length} onChange=${setLength} />
        <${Choice} id="profile" label="Size" choices=${PROFILES} value=${profile} onChange=${setProfile} />
      </div>
      <${VoiceChoice} legend="Voice" usual="The best for the language" voices=${voices} value=${voice} onChange=${setVoice} />
      <${LookChoice} themes=${themes} value=${theme} onChange=${setTheme} />
      <div class="field"><label class="check"><input type="checkbox" checked=${approval}
        onChange=${(event) => setApproval(event.target.checked)} /> Show me the storyboard before it is made</label></div>
      <button class="main" disabled=${isBusy || !(file || text.trim())}>${isBusy ? "It starts …" : "Make the film"}</button>
    </form>`;
}
