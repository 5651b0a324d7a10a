// Makes what the gate says smaller until all of it is seen: a line that is cut off is read by nobody. Holds no text, decides nothing.

const SMALLEST = 0.5;
const STEP = 0.05;

const face = document.getElementById("face");

function fit() {
  let size = 1;
  const set = () => face.style.setProperty("--fit", size.toFixed(2));
  for (set(); face.scrollHeight > face.clientHeight && size > SMALLEST; set()) size -= STEP;
}

new MutationObserver(fit).observe(face, { childList: true, characterData: true, subtree: true });
new ResizeObserver(fit).observe(face);
