// The till: what each scan, key and button does. One thing after the other, in the order in which they came; what would
// change the basket waits until the answer that is still out is known.
import { listen } from "../scanner.js";
import { keyed, post, request, sentences, settle, settles, signIn } from "./asking.js";
import { learnGoods, meaning } from "./looking.js";
import { at, choose, fill, network, page, points, served, tell, words } from "./page.js";
import * as parking from "./parking.js";
import { begin, changed, isEmpty, keep, putInQueue, till, total } from "./sale.js";
import * as undoing from "./undoing.js";

const PIECES_MAX = 99;
const IDLE_MS = 5 * 60 * 1000;
const commandCards = JSON.parse(page.dataset.commands);
const ways = JSON.parse(page.dataset.ways);
let queue = Promise.resolve();
let idle = 0;
let unknown = "";
let wanted = null;
let skipped = 0;

const then = (work) => {
  queue = queue.then(work).catch(() => tell(words.offline, "bad"));
};
const change = (work) => () => then(() => (till.sale.asked ? tell(words.unsure, "bad") : work()));

// A scan leaves the queue in the same write in which it changes the sale. One that comes while an answer is still out
// stays in the queue until that is known.
function next() {
  if (!till.sale.asked) return till.sale.queue.length ? take(till.sale.queue[0], true) : undefined;
  skipped += 1;
  return tell(words.unsure, "bad");
}

async function confirm() {
  await decide();
  if (till.sale.asked) return;
  for (; skipped; skipped -= 1) then(next);
}

async function take(text, queued = false) {
  const told = await meaning(text);
  if (queued) till.sale.queue.shift();
  unknown = told.kind === "unknown" ? text : "";
  wanted = unknown ? { words: unknown } : null;
  if (told.kind === "good") put(told);
  else if (told.kind === "customer") serve(told);
  else if (told.kind === "people") pick(told);
  else tell(sentences(told) ?? words.offline, "bad");
  keep();
  if (told.kind === "reservation") location.assign(told.address);
}

function put(good) {
  const line = till.sale.basket.find((one) => one.good === good.good);
  const pieces = (line?.pieces ?? 0) + 1;
  if (!good.free) return (wanted = { good: good.good }), tell(fill(words.none_left, good), "bad");
  if (pieces > good.free) return tell(fill(words.no_more, good), "bad");
  if (pieces > PIECES_MAX) return tell(fill(words.most, { most: PIECES_MAX }), "bad");
  if (line) Object.assign(line, good, { pieces });
  else till.sale.basket.push({ ...good, pieces });
  changed();
  return told(words.added, { name: good.name, pieces }, "good");
}

const told = (text, line, kind) => tell(fill(text, { ...line, total: points(total()) }), kind);

function serve(customer) {
  const present = till.sale.customer;
  if (present && isAnother(present, customer) && till.sale.basket.length) return tell(fill(words.other_customer, present), "bad");
  till.sale.customer = present?.number && present.number === customer.number ? { ...customer, by: customer.by ?? present.by } : customer;
  at("found").replaceChildren();
  changed();
  if (!customer.number) return tell(words.card_kept);
  if (!till.sale.customer.by) at("tail").focus();
  if (customer.left === 0) return tell(fill(words.none_today, customer), "bad");
  return tell(fill(words.serving, { name: customer.name, available: points(customer.available_e2) }), "good");
}

const isAnother = (one, other) => (one.number && other.number ? one.number !== other.number : one.code !== other.code);

function pick({ people, known }) {
  choose(
    at("found"),
    people.map((person) => ({
      text: `${person.name} ${person.number} ${person.where} ${person.phone}`,
      take: change(() => (known ? serve(person) : take(person.number))),
    })),
  );
  tell(words.choose);
}

// Without a card: the end of a document that is registered, or one of the reasons by its digit.
async function identify(text) {
  const { customer } = till.sale;
  if (!customer?.number) return tell(words.scan_card, "bad");
  const way = ways[Number(text) - 1];
  if (text.length === 1 && way) return knownBy(way);
  const { status, told: answer } = await post(page.dataset.identify, keyed({ volunteer: customer.number, tail: text }));
  if (status === 401) return signIn();
  return status === 200 ? knownBy(answer.by) : tell(sentences(answer), "bad");
}

function knownBy(way) {
  till.sale.customer.by = way;
  at("tail").blur();
  keep();
  tell(words.identified, "good");
}

async function decide() {
  if (till.sale.asked) return settle();
  if (undoing.isOpen()) return undoing.confirm();
  const { customer, basket } = till.sale;
  if (isEmpty() && at("begin")) return at("begin").requestSubmit();
  if (!customer) return tell(words.scan_card, "bad");
  if (!basket.length) return tell(words.scan_goods, "bad");
  if (!navigator.onLine) return tell(words.offline, "bad");
  if (!customer.number) await take(customer.code);
  if (!till.sale.customer.number) return undefined;
  if (!till.sale.customer.by) return at("tail").focus(), tell(words.identify, "bad");
  const lines = basket.map(({ good, pieces, price_e2 }) => ({ good, pieces, price_e2 }));
  const body = { request_key: till.sale.key, volunteer: till.sale.customer.number, identified: till.sale.customer.by, basket: lines };
  return request("redeem", page.dataset.redeem, body);
}

settles("redeem", {
  done: (answer) => {
    undoing.remember(answer);
    served(answer);
    begin();
    tell(answer.said, "good");
    learnGoods();
  },
  refused: (answer) => {
    if (answer.code === "request_key_reused") return begin(), tell(words.by_another, "warn");
    for (const line of till.sale.basket) line.price_e2 = answer.prices?.[line.good] ?? line.price_e2;
    changed();
    return tell(sentences(answer), "bad");
  },
});

function clear() {
  at("found").replaceChildren();
  if (undoing.isOpen()) return undoing.close(), tell(words.not_undone);
  begin();
  return tell(words.cleared);
}

function dropLast() {
  const line = till.sale.basket.pop();
  if (!line) return tell(words.scan_goods);
  changed();
  return told(words.dropped, line);
}

// A quantity replaces the one before, and never adds to it.
function lastTo(wanted) {
  const line = till.sale.basket.at(-1);
  if (!line) return tell(words.scan_goods);
  if (wanted > Math.min(line.free, PIECES_MAX)) return tell(fill(words.no_more, line), "bad");
  if (wanted < 1) return dropLast();
  line.pieces = wanted;
  changed();
  return told(words.added, line);
}

const lastBy = (step) => lastTo((till.sale.basket.at(-1)?.pieces ?? 0) + step);

// What somebody asked for and is not there, in one key; it is written down without a name.
async function demand() {
  if (!wanted) return tell(words.nothing_wanted);
  const { status, told: answer } = await post(page.dataset.demand, keyed(wanted));
  if (status === 401) return signIn();
  if (status === 200) wanted = null;
  return tell(sentences(answer), status === 200 ? "good" : "bad");
}

async function lock() {
  try {
    const { status } = await post(page.dataset.lock, keyed({}));
    if (status === 200 || status === 401) return signIn();
  } catch {
    // Said below.
  }
  return tell(words.not_locked, "bad");
}

const commands = {
  confirm: () => then(confirm),
  clear: change(clear),
  drop: change(dropLast),
  park: change(() => (till.sale.basket.length ? parking.park() : parking.list())),
  undo: change(undoing.open),
  demand: change(demand),
  lock: () => then(lock),
  print: () => then(undoing.print),
  ...Object.fromEntries([2, 3, 4, 5, 6].map((pieces) => [`pieces-${pieces}`, change(() => lastTo(pieces))])),
};
const keys = {
  F1: () => at("help").toggleAttribute("open"),
  F2: () => at("find").focus(),
  F3: commands.print,
  F4: () => unknown && location.assign(`${page.dataset.good}?barcode=${unknown}`),
  F5: commands.demand,
  F6: commands.park,
  F7: commands.lock,
  F8: commands.undo,
  F9: commands.confirm,
  F10: () => location.assign(page.dataset.shift),
  Escape: commands.clear,
};
const outsideFields = { Delete: commands.drop, "+": change(() => lastBy(1)), "-": change(() => lastBy(-1)) };

function pressed(event) {
  const inField = event.target instanceof HTMLInputElement;
  const work = keys[event.key] ?? (inField ? undefined : outsideFields[event.key]);
  if (work && !event.repeat) work();
  return Boolean(work);
}

function scanned(text, wasCovered) {
  at("method").hidden = !wasCovered;
  const command = commands[commandCards[text]];
  if (command) return command();
  if (undoing.isOpen()) undoing.close();
  if (/^93\d{18}$/.test(text)) return then(() => handOver(text));
  putInQueue(text);
  return then(next);
}

// A badge at an open till: it is locked, and its owner goes on with the basket.
async function handOver(badge) {
  sessionStorage.setItem("timebank.badge", badge);
  await lock();
}

function stayAwake() {
  clearTimeout(idle);
  idle = setTimeout(commands.lock, IDLE_MS);
}

listen({
  fields: [at("find"), at("tail")],
  scanned,
  typed: (text, field) => change(() => (field === at("tail") ? identify(text) : take(text)))(),
  counted: (digits) => undoing.isOpen() && undoing.pick(digits.length === 1 ? Number(digits) : 0),
  pressed,
});
for (const button of document.querySelectorAll("button[data-command]")) button.addEventListener("click", commands[button.dataset.command]);
for (const name of ["keydown", "pointerdown"]) addEventListener(name, stayAwake);
addEventListener("offline", () => {
  network(false);
  tell(words.offline, "bad");
});
addEventListener("online", () => then(back));

function back() {
  network(true);
  if (till.sale.asked) tell(words.unsure, "bad");
  else tell(words.online, "good");
}

keep();
stayAwake();
tell(...(till.sale.asked ? [words.unsure, "bad"] : [words.scan_card]));
then(learnGoods);
then(parking.send);
for (const _ of till.sale.queue) then(next);
