// Looking up what was scanned or typed. While the network is cut, the goods that were on sale and the people whom this
// page has seen are still known; anything else is told apart later, and nothing is guessed.
import { ask, post, sentences, signIn } from "./asking.js";
import { network, page, words } from "./page.js";
import { till } from "./sale.js";

const CARD = /^91\d{18}$/;
const PHONE = /^92\d{18}$/;
const goods = new Map();
const people = new Map();

export async function learnGoods() {
  try {
    const { status, told } = await ask(page.dataset.goods);
    if (status === 200) for (const [barcode, good] of Object.entries(told)) goods.set(barcode, good);
  } catch {
    // The goods known so far are still known.
  }
}

function remembered(text) {
  const barcode = text.length === 12 ? `0${text}` : text;
  if (goods.has(barcode)) return goods.get(barcode);
  if (people.has(text)) return people.get(text);
  if (CARD.test(text)) return { kind: "customer", number: null, code: text, name: words.card_later, where: "", phone: "", by: "card" };
  const found = [...people.values()].filter((one) => `${one.name} ${one.number} ${one.where}`.includes(text));
  const unlike = [...new Map(found.map((one) => [one.number, { ...one, by: null }])).values()];
  if (unlike.length) return { kind: "people", people: unlike, known: true };
  return { kind: "unknown", said: `${words.offline_unknown}${text}` };
}

// A phone code is used up by looking at it; the key makes sure that asking again in this visit is the same question.
const question = (text) =>
  PHONE.test(text) && page.dataset.phone
    ? post(page.dataset.phone, { request_key: `${till.sale.visit}${text}`, code: text })
    : ask(`${page.dataset.look}?text=${encodeURIComponent(text)}`);

export async function meaning(text) {
  if (!navigator.onLine) return remembered(text);
  try {
    const { status, told } = await question(text);
    if (status === 401) signIn();
    network(true);
    if (CARD.test(text)) told.code = text;
    if (told.kind === "customer") people.set(CARD.test(text) ? text : told.number, told);
    return told.kind ? told : { kind: "unknown", said: sentences(told) };
  } catch {
    network(false);
    return remembered(text);
  }
}
