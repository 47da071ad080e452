// Baskets that wait. A basket that is parked goes into the outbox first, which outlives the browser, and is sent under
// its own key until the server has answered; so it can be parked while the network is cut, and is parked once.
import { ask, keyed, post, request, settles, signIn } from "./asking.js";
import { at, choose, fill, page, tell, words } from "./page.js";
import { begin, changed, keep, till } from "./sale.js";

const OUTBOX = `timebank.outbox.${page.dataset.community}`;
const AGAIN_MS = 5000;

const outbox = () => JSON.parse(localStorage.getItem(OUTBOX) ?? "[]");
const write = (items) => localStorage.setItem(OUTBOX, JSON.stringify(items));
const without = (key) => outbox().filter((item) => item.body.request_key !== key);
const replace = (item) => write(outbox().map((one) => (one.body.request_key === item.body.request_key ? item : one)));

export function park() {
  const { customer, basket } = till.sale;
  const lines = basket.map(({ good, pieces }) => ({ good, pieces }));
  const body = keyed({ till: page.dataset.till, volunteer: customer?.number ?? null, basket: lines });
  write([...outbox(), { body, customer, basket, sent: false }]);
  begin();
  tell(words.parked, "good");
  return send();
}

let sending = Promise.resolve();

export function send() {
  sending = sending.then(sendAll);
  return sending;
}

async function sendAll() {
  for (const item of outbox()) {
    if (!navigator.onLine) return;
    try {
      await sendOne(item);
    } catch {
      return;
    }
  }
}

// A card that could not be read while the network was cut is read first.
async function sendOne(item) {
  if (item.customer?.code && !item.customer.number && !item.sent) {
    const { told } = await ask(`${page.dataset.look}?text=${item.customer.code}`);
    item.body.volunteer = told.number ?? null;
  }
  replace({ ...item, sent: true });
  const { status, told } = await post(page.dataset.parked, item.body);
  const known = status === 200 || (status < 500 && status !== 401 && (told.code || told.malformed));
  if (!known) return;
  write(without(item.body.request_key));
  if (status !== 200 && told.code !== "request_key_reused") tell(fill(words.not_parked, { said: told.said.join(" ") }), "bad");
}

export async function list() {
  const here = outbox().filter((item) => !item.sent).map((item) => ({ text: shown(item), take: () => takeHere(item) }));
  const there = await waiting();
  if (!here.length && !there.length) return tell(words.none_parked);
  choose(at("found"), [...here, ...there]);
  tell(words.choose_parked);
}

const shown = ({ customer, basket }) => [customer?.name, ...basket.map(({ name, pieces }) => `${name} ×${pieces}`)].filter(Boolean).join(" ");

function takeHere(item) {
  write(without(item.body.request_key));
  till.sale.customer = item.customer && { ...item.customer, by: item.customer.number ? null : item.customer.by };
  till.sale.basket = item.basket;
  taken();
}

async function waiting() {
  try {
    const { status, told } = await ask(`${page.dataset.parked}?till=${encodeURIComponent(page.dataset.till)}`);
    if (status === 401) signIn();
    return (told.baskets ?? []).map(({ number, words: text }) => ({
      text,
      take: () => request("take", `${page.dataset.parked}/${number}`, keyed({})),
    }));
  } catch {
    return [];
  }
}

function taken() {
  at("found").replaceChildren();
  changed();
  tell(words.taken, "good");
}

settles("take", {
  done: ({ customer, basket }) => {
    const offered = basket.filter((line) => line.price_e2);
    const gone = basket.filter((line) => !line.price_e2).map((line) => line.name);
    till.sale.customer = customer;
    till.sale.basket = offered;
    taken();
    if (gone.length) tell(fill(words.gone, { names: gone.join("、") }), "bad");
  },
  refused: (told) => {
    keep();
    tell(told.said.join(" "), "bad");
  },
});

export const waits = () => outbox().length;
addEventListener("online", send);
setInterval(() => waits() && send(), AGAIN_MS);
