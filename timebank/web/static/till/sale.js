// What is being sold: customer, basket, and what was asked and not answered yet. It lives in the browser's storage, so
// that a reload, a lock or a network that is cut loses nothing. One write keeps all of it together.

const KEPT = "timebank.till";

// Not `randomUUID`: that needs HTTPS, and many tills are reached by a plain address in the house.
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// visit: one customer at the counter; key: of this very basket, another basket is another request; asked: a request
// whose answer nobody knows yet; queue: scans that wait for their turn.
const empty = (queue) => ({ visit: newKey(), customer: null, basket: [], key: newKey(), asked: null, queue });

const read = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "null") ?? empty([]);
const watchers = [];

export const till = { sale: read() };

export function watch(work) {
  watchers.push(work);
}

export function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(till.sale));
  for (const work of watchers) work();
}

export function changed() {
  till.sale.key = newKey();
  keep();
}

export function begin() {
  till.sale = empty(till.sale.queue);
  keep();
}

export function putInQueue(text) {
  till.sale.queue.push(text);
  keep();
}

export const total = () => till.sale.basket.reduce((sum, line) => sum + line.price_e2 * line.pieces, 0);
export const isEmpty = () => !till.sale.customer && !till.sale.basket.length;
