// The till. The basket lives on this page and in the browser's storage until the server has answered. What was sent
// and not answered is settled before anything else: the same key is asked again, and counts once.
import { listen } from "./scanner.js";

const KEPT = "timebank.till";
const SCANNED = "timebank.scanned";
const PIECES_MAX = 99;
const ANSWER_MS = 20000;
const page = document.getElementById("till");
const words = JSON.parse(page.dataset.words);
const at = (id) => document.getElementById(id);

// Not `randomUUID`: that needs HTTPS, and many tills are reached by a plain address in the house.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const fresh = () => ({ clerk: page.dataset.clerk, customer: null, basket: [], key: newKey(), unanswered: false });

function kept() {
  const found = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  // A basket of somebody else is not taken over, unless nobody knows yet what became of it.
  return found && (found.clerk === page.dataset.clerk || found.unanswered) ? found : fresh();
}

let sale = kept();
let queue = Promise.resolve();

const points = (e2) => (e2 / 100).toLocaleString("en-US", { maximumFractionDigits: 2 });
const total = () => sale.basket.reduce((sum, line) => sum + line.price_e2 * line.pieces, 0);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function tell(text, kind = "") {
  at("said").className = `notice ${kind}`;
  at("said").textContent = text;
}

function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(sale));
  show();
}

// Another basket is another request.
function changed() {
  sale.key = newKey();
  keep();
}

function cell(row, text, css = "") {
  const made = row.insertCell();
  made.textContent = text;
  made.className = css;
}

function show() {
  const { customer, basket } = sale;
  at("who").textContent = customer ? `${customer.name} ${customer.number}` : words.scan_card;
  at("where").textContent = customer ? `${customer.where} ${customer.phone}` : "";
  at("available").textContent = customer ? points(customer.available_e2) : "—";
  at("today").textContent = customer ? customer.today : "—";
  at("left").textContent = customer?.left ?? "—";
  at("basket").replaceChildren();
  basket.forEach((line, index) => {
    const row = at("basket").insertRow();
    cell(row, index + 1);
    cell(row, line.name);
    cell(row, `×${line.pieces}`, "number");
    cell(row, points(line.price_e2 * line.pieces), "number");
  });
  at("total").textContent = points(total());
  at("after").textContent = customer ? points(customer.available_e2 - total()) : "—";
}

async function asked(address, options = {}) {
  const answer = await fetch(address, {
    ...options,
    headers: { Accept: "application/json", ...options.headers },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return { status: answer.status, told: await answer.json() };
}

function put(good) {
  const line = sale.basket.find((one) => one.good === good.good);
  const pieces = (line?.pieces ?? 0) + 1;
  if (!good.free) return tell(fill(words.none_left, { name: good.name }), "bad");
  if (pieces > good.free) return tell(fill(words.no_more, { name: good.name, free: good.free }), "bad");
  if (pieces > PIECES_MAX) return tell(fill(words.most, { most: PIECES_MAX }), "bad");
  if (line) Object.assign(line, good, { pieces });
  else sale.basket.push({ ...good, pieces });
  changed();
  tell(fill(words.added, { name: good.name, pieces, total: points(total()) }), "good");
}

function serve(customer) {
  if (sale.customer && sale.customer.number !== customer.number && sale.basket.length) {
    return tell(fill(words.other_customer, { name: sale.customer.name }), "bad");
  }
  sale.customer = customer;
  at("found").replaceChildren();
  changed();
  if (customer.left === 0) return tell(fill(words.none_today, { name: customer.name }), "bad");
  tell(fill(words.serving, { name: customer.name, available: points(customer.available_e2) }), "good");
}

function choose(people) {
  at("found").replaceChildren(
    ...people.map((person) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${person.name} ${person.number} ${person.where} ${person.phone}`;
      button.addEventListener("click", () => then(() => take(person.number)));
      item.append(button);
      return item;
    }),
  );
  at("found").querySelector("button")?.focus();
  tell(words.choose);
}

async function take(text) {
  try {
    const { status, told } = await asked(`${page.dataset.look}?text=${encodeURIComponent(text)}`);
    if (status === 401) location.reload();
    else if (told.kind === "good") put(told);
    else if (told.kind === "customer") serve(told);
    else if (told.kind === "people") choose(told.people);
    else if (told.kind === "reservation") location.assign(told.address);
    else tell(Array.isArray(told.said) ? told.said.join(" ") : told.said, "bad");
  } catch {
    tell(words.offline, "bad");
  }
}

async function confirm() {
  if (!sale.customer) return tell(words.scan_card, "bad");
  if (!sale.basket.length) return tell(words.scan_goods, "bad");
  if (!navigator.onLine) return tell(sale.unanswered ? words.unsure : words.offline, "bad");
  tell(words.sending);
  sale.unanswered = true;
  keep();
  try {
    settle(await send());
  } catch {
    tell(words.unsure, "bad");
  }
}

function send() {
  const basket = sale.basket.map(({ good, pieces, price_e2 }) => ({ good, pieces, price_e2 }));
  return asked(page.dataset.redeem, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": page.dataset.token },
    body: JSON.stringify({ request_key: sale.key, volunteer: sale.customer.number, basket }),
  });
}

// 503 may have been done after all; the sign-in and the token are renewed with the page, which keeps the basket.
function settle({ status, told }) {
  if (status === 503) return tell(told.said.join(" "), "bad");
  sale.unanswered = false;
  if (status === 200) {
    sessionStorage.removeItem(KEPT);
    return location.assign(told.slip);
  }
  for (const line of sale.basket) line.price_e2 = told.prices?.[line.good] ?? line.price_e2;
  changed();
  tell(told.said.join(" "), "bad");
  if (status === 401 || (status === 400 && !told.prices)) location.reload();
}

function clear() {
  sale = fresh();
  at("found").replaceChildren();
  keep();
  tell(words.cleared);
}

function dropLast() {
  const line = sale.basket.pop();
  if (!line) return tell(words.scan_goods);
  changed();
  tell(fill(words.dropped, { name: line.name, total: points(total()) }));
}

function lastBy(step) {
  const line = sale.basket.at(-1);
  if (!line) return tell(words.scan_goods);
  const pieces = line.pieces + step;
  if (pieces > Math.min(line.free, PIECES_MAX)) return tell(fill(words.no_more, { name: line.name, free: line.free }), "bad");
  if (pieces < 1) return dropLast();
  line.pieces = pieces;
  changed();
  tell(fill(words.added, { name: line.name, pieces, total: points(total()) }));
}

function undoLast() {
  if (page.dataset.last) location.assign(page.dataset.last);
  else tell(words.nothing_to_undo);
}

// One thing after the other, in the order of the keys; what changes the basket waits until a lost answer is known.
function then(work) {
  queue = queue.then(work);
}

const change = (work) => () => then(() => (sale.unanswered ? tell(words.unsure, "bad") : work()));
const commands = {
  F2: () => at("find").focus(),
  F9: () => then(confirm),
  F8: change(undoLast),
  Escape: change(clear),
};
const outsideFields = { Delete: change(dropLast), "+": change(() => lastBy(1)), "-": change(() => lastBy(-1)) };

function pressed(event) {
  const inField = event.target instanceof HTMLInputElement;
  const command = commands[event.key] ?? (inField ? undefined : outsideFields[event.key]);
  if (!command || event.repeat) return Boolean(command);
  command();
  return true;
}

listen({ field: at("find"), scanned: (text) => change(() => take(text))(), typed: (text) => change(() => take(text))(), pressed });
at("confirm").addEventListener("click", () => then(confirm));
at("clear").addEventListener("click", change(clear));
at("drop").addEventListener("click", change(dropLast));
addEventListener("offline", () => tell(words.offline, "bad"));
addEventListener("online", () => tell(sale.unanswered ? words.unsure : words.online, sale.unanswered ? "bad" : "good"));

show();
if (sale.unanswered) tell(words.unsure, "bad");
const waiting = sessionStorage.getItem(SCANNED);
sessionStorage.removeItem(SCANNED);
if (waiting) change(() => take(waiting))();
