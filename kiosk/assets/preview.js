// The camera's picture, fetched only while it is shown: between cards, and always where the camera is aimed.

const picture = document.querySelector("#preview img");

export function look() {
  const wanted = document.body.dataset.aim || ["ready", "hint"].includes(document.body.dataset.kind);
  if (wanted && !picture.hasAttribute("src")) picture.src = "/preview.mjpeg";
  if (!wanted) dark();
}

export function dark() {
  picture.removeAttribute("src");
  delete document.body.dataset.seen;
}

picture.onload = () => { if (picture.hasAttribute("src")) document.body.dataset.seen = "yes"; };
picture.onerror = dark;
