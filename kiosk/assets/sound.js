// Sounds, told apart by ear alone: each verdict once, and an emergency. Knows nothing of what is shown.

/** What each face sounds like: up for go, three alike for check, low and rough for stop.
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
/** The verdict that came while the gate stood open for an emergency: nobody waits to hear it afterwards. */
let hushed = null;

/** Says whether the browser holds sound back until somebody touches the page. */
export function tellSound(quiet) {
  const tell = () => { quiet.hidden = audio.state === "running"; };
  audio.addEventListener("statechange", tell);
  for (const touched of ["pointerdown", "keydown"]) addEventListener(touched, () => audio.resume());
  tell();
}

export function sound(kind) {
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

/** A verdict sounds once: when it comes, and again when staff turn it. Returns whether it is new. */
export function soundOnce(parts) {
  if (parts.kind === "emergency") hushed = parts.sequence;
  if (parts.sequence !== null && parts.sequence === hushed) return false;
  const verdict = parts.sequence === null ? null : `${parts.sequence} ${parts.kind}`;
  const isNew = verdict !== null && verdict !== sounded;
  if (isNew) sound(parts.kind);
  if (verdict !== null) sounded = verdict;
  return isNew;
}
