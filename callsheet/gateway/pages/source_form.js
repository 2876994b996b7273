import { html, useState } from "/studio/vendor/htm_preact.js";
import { upload } from "/studio/api.js";

// A file that is dropped or chosen, or a text that is written instead.
export function FileOrText({ name, accept, file, onFile, text, onText, textLabel, example = "" }) {
  const [isOver, setOver] = useState(false);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer.files.length) onFile(event.dataTransfer.files[0]);
  };
  return html`
    <div class=${`empty${isOver ? " over" : ""}`} onDragOver=${(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <p>${file ? html`<b>${file.name}</b>` : "Drop a file here, or choose one."}</p>
      <input type="file" aria-label=${name} accept=${accept} onChange=${(event) => onFile(event.target.files[0] || null)} />
    </div>
    <div class="field"><label for="text">${textLabel}</label>
      <textarea id="text" rows="8" disabled=${Boolean(file)} placeholder=${example} value=${text}
        onInput=${(event) => onText(event.target.value)}></textarea></div>`;
}

export function Choice({ id, label, choices, value, onChange }) {
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} value=${value} onChange=${(event) => onChange(event.target.value)}>
      ${choices.map(([each, words]) => html`<option key=${each} value=${each}>${words}</option>`)}</select></div>`;
}

// The field of a request that names a file, with the title that the file gives.
export async function sent(file, field, otherwise) {
  return { [field]: (await upload(file, "document")).key, title: file.name.replace(/\.[^.]*$/, "").slice(0, 200) || otherwise };
}
