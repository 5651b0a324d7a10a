// Finds while somebody types: what was typed last is what is shown. Rows come from the gate as they are.

import { act } from "./acts.js";

const lang = document.body.dataset.lang;
let asked = 0;

async function find(field, say) {
  const turn = ++asked;
  const found = await act(`found?${new URLSearchParams({ lang })}`, { text: field.value });
  const place = document.getElementById(field.dataset.finds);
  if (turn !== asked || !place) return;
  if (found.no) return say(found.no);
  place.innerHTML = found.html;
}

/** Serves the search in `panel`; `say` tells why there is none. */
export function serveSearch(panel, say) {
  panel.addEventListener("input", (event) => {
    if (event.target.dataset.finds && !event.isComposing) find(event.target, say);
  });
  panel.addEventListener("compositionend", (event) => { if (event.target.dataset.finds) find(event.target, say); });
  // With a keyboard: Enter goes to the first who was found.
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.dataset.finds) return;
    event.preventDefault();
    panel.querySelector("#found button")?.focus();
  });
  panel.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggle]");
    if (!toggle) return;
    const pads = document.getElementById(toggle.dataset.toggle);
    pads.hidden = !pads.hidden;
  });
}
