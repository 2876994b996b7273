import { html, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { ask, get, post, when } from "/studio/api.js";
import { Choice } from "/studio/source_form.js";

const LASTS = [["", "Until it is revoked"], ["1", "A day"], ["7", "A week"], ["30", "30 days"], ["365", "A year"]];

// Links that play the video of a run without a token: make one that lasts as long as you like, see it once, revoke it.
export function Share({ id }) {
  const [links, setLinks] = useState([]);
  const [made, setMade] = useState("");
  const [days, setDays] = useState("");
  const [problem, setProblem] = useState("");
  const look = () => get(`/api/v1/runs/${id}/shares`).then(setLinks).catch((error) => setProblem(error.message));
  useEffect(() => { look(); }, [id]);
  const act = async (change) => {
    try { await change(); setProblem(""); await look(); } catch (error) { setProblem(error.message); }
  };
  const share = () => act(async () => {
    const wanted = { expires_in_days: days ? Number(days) : null };
    setMade(new URL((await post(`/api/v1/runs/${id}/shares`, wanted)).path, location.href).href);
  });
  const revoke = (link) => act(async () => {
    await ask("DELETE", `/api/v1/runs/${id}/shares/${link.id}`);
    setMade("");
  });
  return html`<section aria-labelledby="share">
    <h2 id="share">Share</h2>
    ${problem && html`<p class="note bad" role="alert">${problem}</p>`}
    <div class="row wide"><${Choice} id="lasts" label="The link works" choices=${LASTS} value=${days} onChange=${setDays} />
      <button onClick=${share}>Make a link</button></div>
    ${made && html`<p class="row"><input class="link" readonly aria-label="Link to this video" value=${made}
      onFocus=${(event) => event.target.select()} /></p>`}
    ${made && html`<p class="quiet" role="status">Copy the link now: it is shown once. It plays this video without a token.</p>`}
    ${links.length > 0 && html`<ul class="links">${links.map((link) => html`<li key=${link.id}>
      <span>Link of ${when(link.created_at)}${link.expires_at && `, until ${when(link.expires_at)}`}</span>
      <button class="danger" aria-label=${`Revoke the link of ${when(link.created_at)}`}
        onClick=${() => revoke(link)}>Revoke</button></li>`)}</ul>`}
  </section>`;
}
