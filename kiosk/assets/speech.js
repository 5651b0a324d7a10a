// Says verdicts aloud with a voice of the browser's, where the gate is set to and the browser has one for the page's language.

/** Says this in place of what is being said. */
export function say(text) {
  if (!text || !("speechSynthesis" in window)) return;
  const lang = document.documentElement.lang;
  const voice = speechSynthesis.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(lang.slice(0, 2)));
  speechSynthesis.cancel();
  if (!voice) return;
  const sentence = new SpeechSynthesisUtterance(text);
  sentence.voice = voice;
  sentence.lang = voice.lang;
  speechSynthesis.speak(sentence);
}
