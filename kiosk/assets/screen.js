// Swaps in what the gate sends, passes touches on, and says so when nothing comes any more. Holds no text and decides nothing.

import { act, learn } from "./acts.js";
import { follow } from "./desk.js";
import { dark, look } from "./preview.js";
import { sound, soundOnce, tellSound } from "./sound.js";
import { say, tellVoice } from "./speech.js";

/** Something comes twice a second; after this long the gate's program is gone. */
const PATIENCE_MS = 4000;

const part = (id) => document.getElementById(id);
const shown = { bar: null, staff: null, face: null, status: null, emergency: null, live: null };
let heard = performance.now();
/** The verdict on the screen. */
let current = null;

function put(name, html) {
  const place = part(name);
  if (shown[name] === html || !place) return;
  shown[name] = html;
  // Whoever is on a button by the keyboard stays on the one in its place.
  const at = [...place.querySelectorAll("button")].indexOf(document.activeElement);
  if (name === "live") place.textContent = html;
  else place.innerHTML = html;
  if (at >= 0) place.querySelectorAll("button")[at]?.focus();
}

function show(parts) {
  heard = performance.now();
  document.body.dataset.kind = parts.kind;
  look();
  for (const name of Object.keys(shown)) put(name, parts[name]);
  if (soundOnce(parts)) say(parts.aloud);
  const open = parts.emergency.includes("<strong");
  if (open && !document.body.dataset.emergency) sound("emergency");
  if (open) document.body.dataset.emergency = "open";
  else delete document.body.dataset.emergency;
  current = parts.sequence;
  follow(parts);
}

function showGone() {
  const gone = part("gone").innerHTML;
  document.body.dataset.kind = "blind";
  dark();
  put("face", gone);
  put("live", part("face").textContent.trim());
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

tellSound(part("quiet"));
tellVoice(part("mute"));
listen();
setInterval(() => {
  if (performance.now() - heard < PATIENCE_MS) return;
  showGone();
  if (source.readyState === EventSource.CLOSED) listen();
}, 1000);
