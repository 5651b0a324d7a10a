// Sends what was typed, and tells what becomes of it. Holds no text of its own.
const { token, lang } = document.body.dataset;
const form = document.querySelector('form');
const said = document.getElementById('said');

async function watch() {
  const answer = await fetch(`/enrol/state?lang=${lang}`);
  const { done, text } = await answer.json();
  said.textContent = text;
  if (done) {
    form.querySelector('button').disabled = false;
  } else {
    setTimeout(watch, 700);
  }
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  const typed = Object.fromEntries(new FormData(form));
  const answer = await fetch(`/enrol?lang=${lang}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-token': token },
    body: JSON.stringify(typed),
  });
  if (answer.ok) {
    watch();
  } else {
    said.textContent = await answer.text();
    button.disabled = false;
  }
});
