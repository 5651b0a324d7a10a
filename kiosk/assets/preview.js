// What the cameras see, fetched only while it is shown: between cards, and always where a camera is aimed.

const pictures = [...document.querySelectorAll("#preview img")];

export function look() {
  const wanted = document.body.dataset.aim || ["ready", "hint"].includes(document.body.dataset.kind);
  if (!wanted) return dark();
  for (const picture of pictures) {
    if (!picture.hasAttribute("src")) picture.src = `/preview.mjpeg?eye=${picture.dataset.eye}`;
  }
}

export function dark() {
  for (const picture of pictures) {
    picture.removeAttribute("src");
    delete picture.dataset.seen;
  }
  delete document.body.dataset.seen;
}

for (const picture of pictures) {
  picture.onload = () => {
    if (!picture.hasAttribute("src")) return;
    picture.dataset.seen = "yes";
    document.body.dataset.seen = "yes";
  };
  // One camera that is gone leaves the pictures of the others.
  picture.onerror = () => {
    picture.removeAttribute("src");
    delete picture.dataset.seen;
    if (!pictures.some((other) => other.dataset.seen)) delete document.body.dataset.seen;
  };
}
