// The count at the end of a shift: each scan adds one to the field of its good, wherever the keyboard is; whoever types
// numbers goes on with Enter, and F9 closes. Without this script the page counts by typing alone.
import { fill, teller } from "./saying.js";
import { listen } from "./scanner.js";

const form = document.getElementById("count");
const fields = [...form.querySelectorAll("input[data-codes]")];
const tell = teller(document.getElementById("said"));

function count(code) {
  const field = fields.find((one) => one.dataset.codes.split(" ").includes(code));
  if (!field) return tell(fill(form.dataset.unknown, { code }), "bad");
  field.value = (Number.parseInt(field.value, 10) || 0) + 1;
  return tell(fill(form.dataset.counted, { name: field.labels[0].textContent, pieces: field.value }), "good");
}

function goOn(text, field) {
  field.value = text;
  (fields[fields.indexOf(field) + 1] ?? form.querySelector("button")).focus();
}

function pressed(event) {
  if (event.key === "F9" && !event.repeat) form.requestSubmit();
  return event.key === "F9";
}

listen({ fields, scanned: count, typed: goOn, pressed });
