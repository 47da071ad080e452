// A delivery by scanner: a scan takes the next free row for its good, with one piece, ready to be typed over; the same
// good again counts on. F2 goes to who gives, F9 hands in. Without this script goods are chosen from the list.
import { fill, teller } from "./saying.js";
import { listen } from "./scanner.js";

const form = document.getElementById("delivery");
const body = form.querySelector("tbody");
const tell = teller(document.getElementById("said"));
const fields = [...form.querySelectorAll("input:not([type=hidden])")];

const goodOf = (row) => row.querySelector("[name=good]");
const piecesOf = (row) => row.querySelector("[name=pieces]");
const isEmpty = (row) => !piecesOf(row).value.trim();

function scanned(code) {
  const known = [...goodOf(body.rows[0]).options].find((one) => one.dataset.codes.split(" ").includes(code));
  if (!known) return tell(fill(form.dataset.unknown, { code }), "bad");
  const rows = [...body.rows];
  const row = rows.find((one) => !isEmpty(one) && goodOf(one).value === known.value) ?? rows.find(isEmpty) ?? another();
  const pieces = piecesOf(row);
  goodOf(row).value = known.value;
  pieces.value = (Number.parseInt(pieces.value, 10) || 0) + 1;
  pieces.focus();
  pieces.select();
  return tell(fill(form.dataset.taken, { name: known.textContent, pieces: pieces.value }), "good");
}

function another() {
  const row = body.rows[0].cloneNode(true);
  for (const field of row.querySelectorAll("input, select")) {
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, body.rows.length + 1));
    if (field instanceof HTMLInputElement) fields.push(field);
    if (field instanceof HTMLInputElement) field.value = "";
  }
  body.append(row);
  return row;
}

function goOn(text, field) {
  field.value = text;
  fields[fields.indexOf(field) + 1]?.focus();
}

function pressed(event) {
  if (event.key === "F2") form.querySelector("#partner").focus();
  if (event.key === "F9" && !event.repeat) form.requestSubmit();
  return ["F2", "F9"].includes(event.key);
}

listen({ fields, scanned, typed: goOn, pressed });
