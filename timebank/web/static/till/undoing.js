// Undoing the last redemption: F8, a reason by its digit, F9. It prints the slip of the last one too.
import { keyed, request, settles } from "./asking.js";
import { at, fill, page, points, tell, words } from "./page.js";
import { keep } from "./sale.js";

let last = JSON.parse(page.dataset.last);
let reason = 0;

export const isOpen = () => !at("undo").hidden;

export function remember(redemption) {
  last = redemption;
}

export function open() {
  if (!last) return tell(words.nothing_to_undo);
  at("undo").hidden = false;
  pick(0);
  tell(fill(words.undo, { who: last.who, points: points(last.points_e2) }), "warn");
}

export function close() {
  at("undo").hidden = true;
}

// A single digit is a reason; more digits are a scan that is under way.
export function pick(number) {
  const buttons = [...at("reasons").querySelectorAll("button")];
  reason = number >= 1 && number <= buttons.length ? number : 0;
  buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index + 1 === reason)));
}

export function confirm() {
  if (!reason) return tell(words.choose_reason, "bad");
  return request("undo", page.dataset.undo, keyed({ number: last.number, reason }));
}

settles("undo", {
  done: (told) => {
    close();
    last = null;
    keep();
    tell(told.said, "good");
  },
  refused: (told) => {
    close();
    keep();
    tell(told.said.join(" "), "bad");
  },
});

export async function print() {
  if (!last) return tell(words.nothing_to_print);
  try {
    const answer = await fetch(last.slip);
    const slip = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".slip");
    at("printed").replaceChildren(document.adoptNode(slip));
  } catch {
    return tell(words.offline, "bad");
  }
  document.body.classList.add("prints-slip");
  window.print();
  return document.body.classList.remove("prints-slip");
}

at("reasons").addEventListener("click", ({ target }) => pick(Number(target.closest("button")?.value ?? 0)));
