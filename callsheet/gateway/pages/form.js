import { html, useState } from "/studio/vendor/htm_preact.js";
import { upload } from "/studio/api.js";

const SHORT = 160;

// A form for a JSON schema: texts, numbers, choices, lists and groups, in the order of `position`.
export function Form({ schema, value = {}, onChange, id, problems = {}, root = schema, path = "", isInRow = false }) {
  const fields = Object.entries(schema.properties || {})
    .map(([name, field]) => [name, resolved(field, root)])
    .sort(([, one], [, other]) => (one.position ?? 0) - (other.position ?? 0));
  const needed = new Set(schema.required || []);
  const set = (name, next) => {
    const changed = { ...value };
    if (next === undefined || next === "") delete changed[name]; else changed[name] = next;
    onChange(changed);
  };
  return html`<div class=${isInRow ? "cells" : ""}>${fields.map(([name, field]) => html`<${Field} key=${name} name=${name} field=${field} root=${root}
    value=${value[name]} id=${`${id}-${name}`} isNeeded=${needed.has(name)} problems=${problems}
    path=${path ? `${path}.${name}` : name} onChange=${(next) => set(name, next)} />`)}</div>`;
}

function Field({ name, field, root, value, id, isNeeded, onChange, problems, path }) {
  const label = `${field.title || name.replaceAll("_", " ")}${isNeeded ? "" : " (optional)"}`;
  const problem = problems[path];
  if (field.type === "array" && isGroup(resolved(field.items || {}, root))) {
    return html`<${Groups} ...${{ field, root, value, id, label, onChange, problems, path }} />`;
  }
  if (isGroup(field)) {
    return html`<fieldset><legend>${label}</legend><${Form} schema=${field} root=${root} value=${value} id=${id}
      problems=${problems} path=${path} onChange=${onChange} /></fieldset>`;
  }
  if (field.type === "boolean") {
    return html`<div class="field"><label class="check"><input type="checkbox" id=${id}
      checked=${value ?? field.default ?? false} onChange=${(event) => onChange(event.target.checked)} />
      ${field.title || name.replaceAll("_", " ")}</label>
      ${field.description && html`<small>${field.description}</small>`}</div>`;
  }
  return html`<div class=${problem ? "field wrong" : "field"}>
    <label for=${id}>${label}</label>
    ${name === "path" && field.type === "string"
      ? html`<${PictureFile} id=${id} label=${field.title || name} value=${value} onChange=${onChange} />`
      : control(field, value, id, onChange, root)}
    ${problem && html`<span class="problem" role="alert">${problem}</span>`}
    ${field.description && html`<small>${field.description}</small>`}
  </div>`;
}

function Groups({ field, root, value = [], id, label, onChange, problems, path }) {
  const group = resolved(field.items, root);
  const set = (place, next) => onChange(value.map((each, at) => (at === place ? next : each)));
  return html`<fieldset><legend>${label}</legend>
    ${value.map((each, place) => html`<fieldset key=${place}><legend>${place + 1}</legend>
      <${Form} schema=${group} root=${root} value=${each} id=${`${id}-${place}`} problems=${problems} isInRow=${true}
        path=${`${path}.${place}`} onChange=${(next) => set(place, next)} />
      <button type="button" class="danger" aria-label=${`Remove ${place + 1} of ${label}`}
        onClick=${() => onChange(value.filter((_, at) => at !== place))}>Remove</button>
    </fieldset>`)}
    <button type="button" aria-label=${`Add to ${label}`} onClick=${() => onChange([...value, {}])}>Add</button></fieldset>`;
}

function control(field, value, id, onChange, root) {
  const choices = field.enum || field.anyOf?.flatMap((each) => resolved(each, root).enum || []);
  if (choices?.length) {
    return html`<select id=${id} value=${value ?? field.default ?? ""} onChange=${(event) => onChange(event.target.value)}>
      <option value=""></option>${choices.map((each) => html`<option value=${each}>${each}</option>`)}</select>`;
  }
  if (field.type === "number" || field.type === "integer") {
    return html`<input type="number" id=${id} step="any" value=${value ?? ""} placeholder=${field.default ?? ""}
      onInput=${(event) => onChange(event.target.value === "" ? undefined : Number(event.target.value))} />`;
  }
  if (field.type === "array" && resolved(field.items || {}, root).type === "string") {
    return html`<textarea id=${id} value=${(value || []).join("\n")} placeholder="One a line"
      onChange=${(event) => onChange(lines(event.target.value))}></textarea>`;
  }
  if (field.maxLength <= SHORT) {
    return html`<input id=${id} value=${value ?? ""} onInput=${(event) => onChange(event.target.value)} />`;
  }
  if (field.type === "string" || field.type === undefined) {
    return html`<textarea id=${id} value=${value ?? ""} rows="2"
      onInput=${(event) => onChange(event.target.value)}></textarea>`;
  }
  if (isTable(field, root)) {
    return html`<textarea id=${id} rows="4" value=${(value || []).map((row) => row.join(" | ")).join("\n")}
      placeholder="One row a line, with | between its cells"
      onChange=${(event) => onChange(rows(event.target.value))}></textarea>`;
  }
  return html`<small id=${id}>The command line takes this field, and this page leaves it as it is.</small>`;
}

// A field that names a picture takes a file, too.
function PictureFile({ id, label, value, onChange }) {
  const [problem, setProblem] = useState("");
  const take = async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    try { onChange((await upload(file, "media")).key); setProblem(""); } catch (error) { setProblem(error.message); }
  };
  return html`<span class="row"><input id=${id} value=${value ?? ""} aria-label=${label}
    onInput=${(event) => onChange(event.target.value)} />
    <input type="file" aria-label=${`File for ${label}`} accept="image/*" onChange=${take} />
    ${problem && html`<span class="problem" role="alert">${problem}</span>`}</span>`;
}

const isGroup = (field) => field.type === "object" && Boolean(field.properties);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const rows = (text) => lines(text).map((line) => line.split("|").map((cell) => cell.trim()));

function isTable(field, root) {
  const row = resolved(field.items || {}, root);
  return field.type === "array" && row.type === "array" && resolved(row.items || {}, root).type === "string";
}

function resolved(field, root) {
  const named = field.$ref || (field.allOf?.length === 1 && field.allOf[0].$ref);
  if (!named) return field;
  const target = named.split("/").slice(1).reduce((inside, step) => inside[step], root);
  const { $ref, allOf, ...own } = field;
  return { ...target, ...own };
}
