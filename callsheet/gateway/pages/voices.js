import { html, useEffect, useRef, useState } from "/studio/vendor/htm_preact.js";
import { blobOf, get } from "/studio/api.js";

const EVERY = "mul";
const PAID = "openai";
let stopOther = () => {};

// The voices that a film is worth; espeak speaks only what no other voice can.
export function useVoices(onProblem) {
  const [voices, setVoices] = useState([]);
  useEffect(() => {
    get("/api/v1/voices").then((found) => setVoices(found.filter((each) => each.provider !== "espeak")))
      .catch((error) => onProblem(error.message));
  }, []);
  return voices;
}

export const namesOf = (voices, usual) =>
  [["", usual], ...voices.map((each) => [each.name, `${each.name}, ${nameOf(each.language)}`])];

// One voice of a language, of which each can be heard. The arrow keys choose, and Tab leads to the sound of the choice.
export function VoiceChoice({ legend, usual, voices, value, onChange }) {
  const languages = [...new Set(voices.map((each) => primary(each.language)))].sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  const own = primary(navigator.language);
  const [chosen, setChosen] = useState("");
  const language = chosen || (languages.includes(own) ? own : "en");
  const shown = voices.filter((each) => primary(each.language) === language || each.name === value);
  return html`<fieldset class="voices"><legend>${legend}</legend>
    <div class="field"><label for="voice-language">Language of the voices</label>
      <select id="voice-language" value=${language} onChange=${(event) => setChosen(event.target.value)}>
        ${languages.map((each) => html`<option key=${each} value=${each}>${nameOf(each)}</option>`)}</select></div>
    <div class="list">
      <div><label><input type="radio" name="voice" checked=${value === ""} onChange=${() => onChange("")} />
        <span>${usual}</span></label></div>
      ${shown.map((each) => html`<div key=${each.name}><label>
        <input type="radio" name="voice" checked=${value === each.name} onChange=${() => onChange(each.name)} />
        <span>${each.name}<small>${[each.gender, nameOf(each.language)].filter(Boolean).join(", ")}</small></span></label>
        <${Hear} voice=${each} isInTabOrder=${value === each.name} /></div>`)}
    </div></fieldset>`;
}

// A button that plays a sample of a voice, or stops it. One voice is heard at a time.
export function Hear({ voice, isInTabOrder = true }) {
  const [state, setState] = useState("");
  const [problem, setProblem] = useState("");
  const stopThis = useRef(() => {});
  useEffect(() => () => stopThis.current(), []);
  if (voice.provider === PAID) return null;
  const hear = async () => {
    const wasOn = Boolean(state);
    stopOther();
    if (wasOn) return;
    const sound = new Audio();
    const stop = new AbortController();
    stopOther = stopThis.current = () => { stop.abort(); sound.pause(); URL.revokeObjectURL(sound.src); setState(""); };
    setState("waits");
    setProblem("");
    try {
      sound.src = URL.createObjectURL(await blobOf("GET", `/api/v1/voices/${encodeURIComponent(voice.name)}/sample`, undefined, stop.signal));
      sound.onended = stopThis.current;
      await sound.play();
      setState("speaks");
    } catch (error) {
      if (stop.signal.aborted) return;
      stopThis.current();
      setProblem(error.name === "NotAllowedError" ? "The sound is ready; press again." : error.message);
    }
  };
  const words = { "": "Hear", waits: "Stop waiting for", speaks: "Stop" };
  return html`<button type="button" class=${`hear ${state}`} tabindex=${isInTabOrder ? 0 : -1}
    aria-label=${`${words[state]} ${voice.name}`} onClick=${hear}>${{ "": "▶", waits: "…", speaks: "■" }[state]}</button>
    ${problem && html`<small class="problem" role="alert">${problem}</small>`}`;
}

const primary = (language) => language.split("-")[0];

function nameOf(language) {
  if (language === EVERY) return "every language";
  return new Intl.DisplayNames(["en"], { type: "language" }).of(language);
}
