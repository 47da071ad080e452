// Asking the server. What changes something is kept before it is sent and asked again, under the same key, until its
// answer has come: a network that drops in between loses nothing and spends nothing twice.
import { keep, newKey, till } from "./sale.js";
import { page, tell, words } from "./page.js";

const LOOK_MS = 4000;
const ANSWER_MS = 20000;

export async function ask(address, options = {}, wait = LOOK_MS) {
  const headers = { Accept: "application/json", ...options.headers };
  const answer = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(wait) });
  return { status: answer.status, told: await answer.json() };
}

export function post(address, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": page.dataset.token };
  return ask(address, { method: "POST", headers, body: JSON.stringify(body) }, ANSWER_MS);
}

export const sentences = (told) => (Array.isArray(told.said) ? told.said.join(" ") : told.said);

// Somebody else has the till now, or nobody: whoever comes back finds everything as it was.
export const signIn = () => location.assign(page.dataset.badge);

// What is done with each kind of answer: `done` when it was done, `refused` when it was not and nothing changed.
const kinds = {};

export function settles(kind, { done, refused }) {
  kinds[kind] = { done, refused };
}

export async function request(kind, address, body) {
  till.sale.asked = { kind, address, body };
  keep();
  await settle();
}

export async function settle() {
  const { kind, address, body } = till.sale.asked;
  if (!navigator.onLine) return tell(words.unsure, "bad");
  tell(words.sending);
  try {
    answered(kind, await post(address, body));
  } catch {
    tell(words.unsure, "bad");
  }
}

// Signed out, a token that is too old, a server that is busy or broken: nobody knows what became of it.
function answered(kind, { status, told }) {
  if (status === 401) return signIn();
  if (status === 400 && !told.malformed) return location.reload();
  if (status >= 500) return tell(sentences(told), "bad");
  till.sale.asked = null;
  if (status === 200) kinds[kind].done(told);
  else kinds[kind].refused(told);
}

// A request that must not be forgotten and that nobody waits for.
export const keyed = (body) => ({ request_key: newKey(), ...body });
