import { html, render, useEffect, useState } from "/studio/vendor/htm_preact.js";
import { get, keepToken } from "/studio/api.js";
import { Library } from "/studio/library.js";
import { ExplainDocument } from "/studio/explain.js";
import { NewVideo } from "/studio/new.js";
import { RunPage } from "/studio/run.js";
import { FilmScreenplay } from "/studio/screenplay.js";

function Studio() {
  const [place, setPlace] = useState(location.hash);
  const [needsToken, setNeedsToken] = useState(false);
  useEffect(() => {
    const move = () => { setPlace(location.hash); document.getElementById("main")?.focus(); scrollTo(0, 0); };
    addEventListener("hashchange", move);
    get("/api/v1/runs?limit=1").catch((error) => setNeedsToken(error.status === 401));
    return () => removeEventListener("hashchange", move);
  }, []);
  const [, page, id] = place.split("/");
  const current = (name) => ((page || "") === name ? { "aria-current": "page" } : {});
  return html`
    <header class="top">
      <a class="name" href="#/"><img src="/studio/icon.svg" alt="" />Callsheet</a>
      <nav aria-label="Pages"><a href="#/" ...${current("")}>Library</a><a href="#/new" ...${current("new")}>New video</a><a href="#/explain" ...${current("explain")}>Explain a document</a><a href="#/screenplay" ...${current("screenplay")}>Film a screenplay</a></nav>
    </header>
    <main id="main" tabindex="-1">${needsToken ? html`<${TokenForm} />` : pageOf(page, id)}</main>`;
}

function pageOf(page, id) {
  if (page === "run") return html`<${RunPage} id=${id} />`;
  if (page === "new") return html`<${NewVideo} />`;
  if (page === "explain") return html`<${ExplainDocument} />`;
  if (page === "screenplay") return html`<${FilmScreenplay} />`;
  return html`<${Library} />`;
}

function TokenForm() {
  const enter = (event) => { event.preventDefault(); keepToken(event.target.token.value.trim()); location.reload(); };
  return html`<h1>Who are you?</h1>
    <p class="lead">Enter the token that the operator made for you with <code>callsheet token add</code>.</p>
    <form class="row" onSubmit=${enter}><input name="token" type="password" aria-label="Token" required />
      <button class="main">Enter</button></form>`;
}

const place = document.getElementById("studio");
place.textContent = "";
render(html`<${Studio} />`, place);
