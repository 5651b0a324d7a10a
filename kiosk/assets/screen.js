// Swaps in what the gate sends, and says so when nothing comes any more. Holds no text and decides nothing.

/** Something comes twice a second; after this long the gate's program is gone. */
const PATIENCE_MS = 4000;

const part = (id) => document.getElementById(id);
const shown = { bar: null, face: null, status: null, live: null };
let heard = performance.now();

function put(name, html) {
  if (shown[name] === html) return;
  shown[name] = html;
  if (name === "live") part(name).textContent = html;
  else part(name).innerHTML = html;
}

/** The picture is fetched only while it is shown: between cards, and always where the camera is aimed. */
const picture = document.querySelector("#preview img");

function look() {
  const wanted = document.body.dataset.aim || ["ready", "hint"].includes(document.body.dataset.kind);
  if (wanted && !picture.hasAttribute("src")) picture.src = "/preview.mjpeg";
  if (!wanted) dark();
}

function dark() {
  picture.removeAttribute("src");
  delete document.body.dataset.seen;
}

picture.onload = () => { if (picture.hasAttribute("src")) document.body.dataset.seen = "yes"; };
picture.onerror = dark;

function show(parts) {
  heard = performance.now();
  document.body.dataset.kind = parts.kind;
  look();
  for (const name of Object.keys(shown)) put(name, parts[name]);
}

function showGone() {
  const gone = part("gone").innerHTML;
  document.body.dataset.kind = "blind";
  dark();
  put("face", gone);
  put("live", part("face").textContent.trim());
}

let source;

function listen() {
  source?.close();
  source = new EventSource(`/events?lang=${document.body.dataset.lang}`);
  source.onmessage = (message) => show(JSON.parse(message.data));
}

listen();
setInterval(() => {
  if (performance.now() - heard < PATIENCE_MS) return;
  showGone();
  if (source.readyState === EventSource.CLOSED) listen();
}, 1000);
