// The page of the till: its words, what it says, what it shows of the sale. Nothing here decides anything.
import { fill } from "../saying.js";
import { till, total, watch } from "./sale.js";

export const at = (id) => document.getElementById(id);
export const page = at("till");
export const words = JSON.parse(page.dataset.words);
export const points = (e2) => (e2 / 100).toLocaleString("en-US", { maximumFractionDigits: 2 });
export { fill };

const screen = "BroadcastChannel" in window ? new BroadcastChannel("timebank.till") : null;
const wide = 21;

export function tell(text, kind = "") {
  at("said").className = `notice ${kind}`;
  at("said").textContent = text;
  mirror();
}

export function network(isThere) {
  at("cut").hidden = isThere;
}

function cell(row, text, css = "") {
  const made = row.insertCell();
  made.textContent = text;
  made.className = css;
}

export function rows(body, lines) {
  body.replaceChildren();
  lines.forEach((line, index) => {
    const row = body.insertRow();
    cell(row, index + 1);
    cell(row, line.name);
    cell(row, `×${line.pieces}`, "number");
    cell(row, points(line.price_e2 * line.pieces), "number");
  });
}

function show() {
  const { customer, basket } = till.sale;
  const known = customer && customer.number;
  at("who").textContent = customer ? `${customer.name} ${customer.number ?? ""}` : words.scan_card;
  at("where").textContent = customer ? `${customer.where} ${customer.phone}` : "";
  at("available").textContent = known ? points(customer.available_e2) : "—";
  at("today").textContent = known ? customer.today : "—";
  at("left").textContent = (known && customer.left) ?? "—";
  at("identify").hidden = !(known && !customer.by);
  rows(at("basket"), basket);
  at("total").textContent = points(total());
  at("after").textContent = known ? points(customer.available_e2 - total()) : "—";
  mirror();
}

// What the second window shows; it faces the customer, so nobody's name is on it.
function mirror() {
  const { customer, basket } = till.sale;
  const after = customer?.number ? points(customer.available_e2 - total()) : "—";
  const lines = basket.map(({ name, pieces, price_e2 }) => ({ name: name.slice(0, wide), pieces, price_e2 }));
  screen?.postMessage({ lines, total: points(total()), after, served: Boolean(customer) });
}

// One button each; the first has the keyboard, so that Enter takes it.
export function choose(list, choices) {
  list.replaceChildren(
    ...choices.map(({ text, take }) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", take);
      item.append(button);
      return item;
    }),
  );
  list.querySelector("button")?.focus();
}

export function served({ number, who, points_e2, slip }) {
  const row = at("served").insertRow(0);
  cell(row, number);
  cell(row, who);
  cell(row, points(points_e2), "number");
  const link = document.createElement("a");
  link.href = slip;
  link.textContent = number;
  row.insertCell().append(link);
  at("none-served").hidden = true;
}

screen?.addEventListener("message", ({ data }) => data === "who is there" && mirror());
watch(show);
