// Keys on the screen: they type into the field that was touched last, for gloves and for panels without a keyboard.

const TYPED = 'input:not([type="radio"], [type="hidden"])';

function type(field, key) {
  const whole = field.value;
  if (key === "clear") field.value = "";
  else if (field.type === "number") field.value = key === "erase" ? whole.slice(0, -1) : whole + key;
  else {
    const at = field.selectionStart ?? whole.length;
    const end = field.selectionEnd ?? at;
    if (key === "erase") field.setRangeText("", at === end ? Math.max(at - 1, 0) : at, end, "end");
    else if (field.maxLength < 0 || whole.length - (end - at) < field.maxLength) field.setRangeText(key, at, end, "end");
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** One more or one less, within what the field takes. */
function step(button) {
  const field = button.parentElement.querySelector("input");
  const by = Number(button.dataset.by);
  const from = field.value === "" ? Number(field.placeholder || field.min) - (field.placeholder ? 0 : by) : Number(field.value);
  const next = Math.min(Math.max(from + by, Number(field.min)), Number(field.max));
  field.value = Number.isInteger(by) ? String(next) : next.toFixed(1);
}

/** Takes what the keys within `panel` type: `data-keys` names the first field, `data-key` what is typed. */
export function serveKeys(panel) {
  let last = null;
  panel.addEventListener("focusin", (event) => { if (event.target.matches(TYPED)) last = event.target; });
  // What is typed takes the place of what stands there.
  panel.addEventListener("click", (event) => { if (event.target.matches("[data-whole]")) event.target.select(); });
  // The finger coming down is the touch, and the field keeps the focus. Keys of a keyboard come as clicks without a pointer.
  for (const kind of ["pointerdown", "click"]) {
    panel.addEventListener(kind, (event) => {
      const key = event.target.closest("[data-key], [data-choose], [data-by]");
      if (!key) return;
      event.preventDefault();
      if (kind === "click" && event.detail !== 0) return;
      if (key.dataset.by) return step(key);
      const keys = key.closest("[data-keys]");
      if (key.dataset.choose) { keys.dataset.pad = key.dataset.choose; return; }
      const field = panel.contains(last) ? last : document.getElementById(keys.dataset.keys);
      const isOther = field !== last;
      if (kind === "pointerdown") field.focus();
      if (isOther && "whole" in field.dataset) field.select();
      type(field, key.dataset.key);
    });
  }
}
