// Says verdicts aloud with a voice of the browser's, where the gate is set to and the browser has one for the page's language.

/** A voice for the page's language, where there is one. */
function voiceOfPage() {
  const lang = document.documentElement.lang.slice(0, 2);
  return globalThis.speechSynthesis?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(lang));
}

/** Shows on a page that is to speak that it can't: a browser's voices may come later, and may go. */
export function tellVoice(mute) {
  if (!("speaks" in document.body.dataset)) return;
  const tell = () => { mute.hidden = voiceOfPage() !== undefined; };
  globalThis.speechSynthesis?.addEventListener("voiceschanged", tell);
  tell();
}

/** Says this in place of what is being said. */
export function say(text) {
  if (!text || !("speechSynthesis" in window)) return;
  const voice = voiceOfPage();
  speechSynthesis.cancel();
  if (!voice) return;
  const sentence = new SpeechSynthesisUtterance(text);
  sentence.voice = voice;
  sentence.lang = voice.lang;
  speechSynthesis.speak(sentence);
}
