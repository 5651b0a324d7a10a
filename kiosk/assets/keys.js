// Keys on the screen: they type into the field that they belong to, for gloves and for panels without a keyboard.

function type(field, key) {
  const at = field.selectionStart ?? field.value.length;
  const end = field.selectionEnd ?? at;
  if (key === "erase") field.setRangeText("", at === end ? Math.max(at - 1, 0) : at, end, "end");
  else if (key === "clear") field.value = "";
  else if (field.maxLength < 0 || field.value.length < field.maxLength) field.setRangeText(key, at, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Takes what the keys within `panel` type: `data-keys` names the field, `data-key` what is typed. */
export function serveKeys(panel) {
  // The finger coming down is the touch, and the field keeps the focus. Keys of a keyboard come as clicks without a pointer.
  for (const kind of ["pointerdown", "click"]) {
    panel.addEventListener(kind, (event) => {
      const key = event.target.closest("[data-key]");
      if (!key) return;
      event.preventDefault();
      if (kind === "click" && event.detail !== 0) return;
      const field = document.getElementById(key.closest("[data-keys]").dataset.keys);
      if (kind === "pointerdown") field.focus();
      type(field, key.dataset.key);
    });
  }
}
