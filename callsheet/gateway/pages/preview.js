import { html, useEffect, useRef, useState } from "/studio/vendor/htm_preact.js";
import { blobOf, post, randomId } from "/studio/api.js";

const PAUSE_MS = 250;
const PAGE = randomId();

// Callsheet prepares while a person chooses the first scene.
export const prepare = () => post("/api/v1/previews/ready").catch(() => null);

// A picture of how a scene ends. It follows what is written, after a short pause; an older request is given up.
export function Preview({ template, content, look, profile, place }) {
  const [address, setAddress] = useState("");
  const [problem, setProblem] = useState("");
  const [isDrawing, setDrawing] = useState(true);
  const last = useRef("");
  const written = JSON.stringify([template, content, look, profile]);
  useEffect(() => {
    const stop = new AbortController();
    setDrawing(true);
    const timer = setTimeout(async () => {
      try {
        const body = { template, content, look, profile, place: `${PAGE} ${place}` };
        const drawn = URL.createObjectURL(await blobOf("POST", "/api/v1/previews", body, stop.signal));
        if (last.current) URL.revokeObjectURL(last.current);
        last.current = drawn;
        setAddress(drawn);
        setProblem("");
      } catch (error) {
        if (stop.signal.aborted || error.status === 409) return;
        setProblem(error.message);
      }
      setDrawing(false);
    }, PAUSE_MS);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [written]);
  useEffect(() => () => { if (last.current) URL.revokeObjectURL(last.current); }, []);
  return html`<div class=${`preview ${profile}`}>
    <div class=${`poster${isDrawing ? " old" : ""}`}>
      ${address ? html`<img src=${address} alt=${`Preview of scene ${place + 1}`} />`
        : html`<span class="doing">${problem ? "No preview" : "The preview comes …"}</span>`}
    </div>
    ${problem && html`<small class="problem" role="status">${problem}</small>`}
  </div>`;
}
