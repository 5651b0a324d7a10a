// The staff's panel beside the verdict: fetches its views from the gate, sends what is filled in, closes when nobody touches it.
// Holds no text and decides nothing: what may be done, the gate says.

import { act } from "./acts.js";
import { serveSearch } from "./find.js";
import { serveKeys } from "./keys.js";

const panel = document.getElementById("desk");
const lang = document.body.dataset.lang;
const idleMs = Number(panel.dataset.idle) * 1000;
let touched = performance.now();
/** Counts what was asked for: an answer that was overtaken is not shown. */
let asked = 0;
let waiting = null;
let signedIn = false;

/** Shows a view. */
export async function open(view, of = "") {
  const turn = ++asked;
  touched = performance.now();
  let html;
  try {
    const answer = await fetch(`/desk/panel?${new URLSearchParams({ lang, view, of })}`);
    if (!answer.ok) return say((await answer.json()).no);
    html = await answer.text();
  } catch {
    return say("unreachable");
  }
  if (turn !== asked) return;
  clearInterval(waiting);
  panel.innerHTML = html;
  panel.hidden = false;
  document.body.dataset.desk = "open";
  const form = panel.querySelector("form[data-wait]");
  if (Number(form?.dataset.wait) > 0) say("wait", Number(form.dataset.wait));
  (panel.querySelector("[data-first]") ?? panel.querySelector("h2, button"))?.focus();
}

export function close() {
  asked++;
  clearInterval(waiting);
  const inside = panel.contains(document.activeElement);
  panel.hidden = true;
  panel.replaceChildren();
  delete document.body.dataset.desk;
  if (inside) document.querySelector("#staff button")?.focus();
}

/** Says why something was not done, and counts down what is to be waited for. */
function say(code, seconds = 0) {
  const place = panel.querySelector(".says");
  if (!place) return;
  const sentence = (name) =>
    document.getElementById("refused").content.querySelector(`[data-code="${CSS.escape(name)}"]`)?.textContent ?? name;
  const until = performance.now() + seconds * 1000;
  const send = panel.querySelector("form [type=submit]");
  clearInterval(waiting);
  const tell = () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    const texts = seconds > 0 && code !== "wait" ? [sentence(code)] : [];
    if (seconds > 0) texts.push(sentence("wait").replace("{}", Math.max(left, 0)));
    else texts.push(sentence(code));
    place.textContent = texts.join(" ");
    if (send) send.disabled = seconds > 0 && left > 0;
    if (seconds > 0 && left <= 0) { clearInterval(waiting); place.hidden = true; }
  };
  place.hidden = false;
  tell();
  if (seconds > 0) waiting = setInterval(tell, 250);
}

/** What a form holds, as the gate wants it: empty fields are left out, own words stand before a reason that was chosen. */
function filled(form, submitter) {
  const body = {};
  for (const [name, value] of new FormData(form, submitter)) {
    if (value === "") continue;
    body[name] = form.querySelector(`[name="${CSS.escape(name)}"]`)?.hasAttribute("data-number") ? Number(value) : value;
  }
  if (body.words) body.why = body.words;
  delete body.words;
  return body;
}

panel.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const sends = form.querySelectorAll("[type=submit]");
  const body = filled(form, event.submitter);
  // A second touch while the first is on its way does nothing.
  for (const button of sends) button.disabled = true;
  const done = await act(event.submitter?.dataset.act ?? form.dataset.act, body);
  for (const button of sends) button.disabled = false;
  if (done.no) {
    for (const secret of form.querySelectorAll("[type=password]")) { secret.value = ""; secret.focus(); }
    return say(done.no, ["wait", "wrong_pin"].includes(done.no) ? Number(done.detail) : 0);
  }
  then(form.dataset.then, done);
});

/** Goes on to what comes after something was done; a view of an event shows the one that was made. */
function then(view, done) {
  if (view === "close") close();
  else open(view, view === "event" ? done.sequence : "");
}

panel.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("close" in button.dataset) close();
  else if (button.dataset.view) open(button.dataset.view, button.dataset.of);
  else if (button.dataset.do) {
    button.disabled = true;
    const done = await act(button.dataset.do, button.dataset.body && JSON.parse(button.dataset.body));
    button.disabled = false;
    if (done.no) say(done.no);
    else then(button.dataset.then, done);
  }
});

panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

document.getElementById("staff")?.addEventListener("click", async (event) => {
  const does = event.target.closest("button")?.dataset.desk;
  if (does === "open") panel.hidden ? open("home") : close();
  if (does === "sign-out") { await act("sign-out"); close(); }
});

/** The switch of a lane that goes both ways. */
document.getElementById("bar").addEventListener("click", async (event) => {
  const direction = event.target.closest("[data-turn]")?.dataset.turn;
  if (direction && (await act("direction", { direction })).no === "signed_out") open("home");
});

serveKeys(panel);
serveSearch(panel, say);

/** The gate has told how it is: a panel does not outlive its session. */
export function follow(parts) {
  if (signedIn && !parts.signed_in && !panel.hidden) close();
  signedIn = parts.signed_in;
}

for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { touched = performance.now(); }, true);
setInterval(() => { if (!panel.hidden && performance.now() - touched > idleMs) close(); }, 500);

// What unfolds comes into view.
panel.addEventListener("toggle", (event) => { if (event.target.open) event.target.scrollIntoView({ block: "start" }); }, true);
