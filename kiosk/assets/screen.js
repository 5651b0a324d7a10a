// Swaps in what the gate sends, sounds each verdict, passes touches on, and says so when nothing comes any more. Holds no text
// and decides nothing.

/** Something comes twice a second; after this long the gate's program is gone. */
const PATIENCE_MS = 4000;

const part = (id) => document.getElementById(id);
const shown = { bar: null, face: null, status: null, emergency: null, live: null };
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
  soundOnce(parts);
  const open = parts.emergency.includes("<strong");
  if (open && !document.body.dataset.emergency) sound("emergency");
  if (open) document.body.dataset.emergency = "open";
  else delete document.body.dataset.emergency;
  current = parts.sequence;
}

function showGone() {
  const gone = part("gone").innerHTML;
  document.body.dataset.kind = "blind";
  dark();
  put("face", gone);
  put("live", part("face").textContent.trim());
}

/** What each face sounds like, told apart by ear alone: up for go, three alike for check, low and rough for stop.
 *  Each note: hertz, when it begins and how long it lasts in seconds. */
const TUNES = {
  admit: { wave: "sine", notes: [[880, 0, 0.13], [1319, 0.14, 0.26]] },
  check: { wave: "triangle", notes: [[740, 0, 0.14], [740, 0.22, 0.14], [740, 0.44, 0.14]] },
  emergency: { wave: "square", notes: [0, 1, 2, 3, 4, 5].map((i) => [i % 2 ? 660 : 990, i * 0.3, 0.28]) },
  refuse: { wave: "sawtooth", notes: [[220, 0, 0.32], [147, 0.36, 0.6]] },
};
const LOUDNESS = 0.5;

const audio = new AudioContext();
let sounded = null;

function tellSound() {
  part("quiet").hidden = audio.state === "running";
}

function sound(kind) {
  const tune = TUNES[kind];
  // Notes of a context that is held back would all come at once, much later, and belong to nobody.
  if (!tune || audio.state !== "running") return;
  for (const [hertz, from, length] of tune.notes) {
    const [start, end] = [audio.currentTime + from, audio.currentTime + from + length];
    const note = new OscillatorNode(audio, { type: tune.wave, frequency: hertz });
    const gain = new GainNode(audio, { gain: 0 });
    note.connect(gain).connect(audio.destination);
    gain.gain.setValueAtTime(0, start);
    // Short slopes at both ends: an edge would crack.
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
    gain.gain.setValueAtTime(LOUDNESS, end - 0.03);
    gain.gain.linearRampToValueAtTime(0, end);
    note.start(start);
    note.stop(end);
  }
}

/** A verdict sounds once: when it comes, and again when staff turn it. */
function soundOnce(parts) {
  const verdict = parts.sequence === null ? null : `${parts.sequence} ${parts.kind}`;
  if (verdict !== null && verdict !== sounded) sound(parts.kind);
  if (verdict !== null) sounded = verdict;
}

audio.addEventListener("statechange", tellSound);
for (const touched of ["pointerdown", "keydown"]) addEventListener(touched, () => audio.resume());
tellSound();

/** What a touch does goes to the gate with its token, which is new with every start of the program. */
let token = null;
let current = null;

async function learn() {
  token = (await (await fetch("/desk/state")).json()).token;
}

async function act(path, body) {
  const send = () => fetch(`/desk/${path}`, {
    method: "POST", headers: { "x-sanse-token": token, "content-type": "application/json" }, body: JSON.stringify(body),
  });
  if ((await send()).status !== 403) return;
  await learn();
  await send();
}

// The finger coming down is the touch: the button may be drawn anew before it is lifted. Keys come as clicks without a pointer.
for (const kind of ["pointerdown", "click"]) {
  part("emergency").addEventListener(kind, (event) => {
    const button = event.target.closest("button");
    if (button && (kind === "pointerdown" || event.detail === 0)) act(button.dataset.act, {});
  });
}

/** Whoever has read a verdict takes it off the screen by touching it, or by any key. */
function dismiss() {
  if (current !== null) act("dismiss", { of: current });
}

part("middle").addEventListener("pointerdown", dismiss);
addEventListener("keydown", (event) => { if (event.target === document.body && !event.repeat) dismiss(); });

let source;

function listen() {
  source?.close();
  source = new EventSource(`/events?lang=${document.body.dataset.lang}`);
  source.onopen = learn;
  source.onmessage = (message) => show(JSON.parse(message.data));
}

listen();
setInterval(() => {
  if (performance.now() - heard < PATIENCE_MS) return;
  showGone();
  if (source.readyState === EventSource.CLOSED) listen();
}, 1000);
