// What a touch does goes to the gate with its token, which is new with every start of the program.

let token = null;

export async function learn() {
  token = (await (await fetch("/desk/state")).json()).token;
}

async function send(path, body) {
  const headers = { "x-sanse-token": token, "content-type": "application/json" };
  const answer = await fetch(`/desk/${path}`, { method: "POST", headers, body: body && JSON.stringify(body) });
  const isHtml = answer.headers.get("content-type")?.startsWith("text/html");
  return isHtml ? { html: await answer.text() } : answer.json();
}

/** Does something. Gives back what it came to: `no` with a code and its detail, `html`, or what was done. */
export async function act(path, body) {
  try {
    const done = await send(path, body);
    if (done.no !== "token") return done;
    await learn();
    return await send(path, body);
  } catch {
    return { no: "unreachable", detail: null };
  }
}
