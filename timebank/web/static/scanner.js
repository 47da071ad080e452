// The scanner: a keyboard that types fast. Every key press of the page passes through here first. A scan is recognised
// by its grammar (known length and check digit, then Enter), never by its speed alone, so its Enter presses no button
// and its digits stay in no field. Speed decides only what a stray digit before a scan is.

const GAP_MS = 100;
const LONGEST_TYPED = 6;
const STRAY_MAX = 2;

function eanIsRight(digits) {
  const sum = [...digits].reverse().reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

// EAN-8, UPC-A, EAN-13 with a right check digit; our twenty digits with a right remainder.
function isRight(text) {
  if ([8, 12, 13].includes(text.length)) return eanIsRight(text);
  return text.length === 20 && text[0] === "9" && BigInt(text) % 97n === 1n;
}

// Also what has the length of the payment codes that people hold out by mistake, or of ours read wrongly: the server
// says what it is.
export function isScan(text) {
  return isRight(text) || (text.length >= 16 && text.length <= 24);
}

// With a Chinese input method on, `key` is "Process" and only `code` tells the digit.
const isCovered = (event) => event.isComposing || event.key === "Process" || event.key === "Unidentified";

function digitOf(event) {
  if (!isCovered(event)) return /^\d$/.test(event.key) ? event.key : null;
  return /^(Digit|Numpad)(\d)$/.exec(event.code)?.[2] ?? null;
}

const isEnd = (event) => event.key === "Enter" || (isCovered(event) && /^(Numpad)?Enter$/.test(event.code));

// Calls `scanned` with each scan (and whether an input method was in the way), `typed` with what a person typed into
// one of `fields` and ended with Enter, `counted` with the digits so far, and `pressed` with every other key; what
// `pressed` answers with true goes no further.
export function listen({ fields = [], scanned, typed = () => undefined, counted = () => undefined, pressed }) {
  let digits = "";
  let lastGroup = 0;
  let lastAt = 0;
  let covered = false;
  let before = [];

  function forget() {
    digits = "";
    lastGroup = 0;
    covered = false;
    before = [];
  }

  function digit(event, value) {
    if (event.timeStamp - lastAt > GAP_MS) lastGroup = digits.length;
    lastAt = event.timeStamp;
    covered ||= isCovered(event);
    const input = event.target instanceof HTMLInputElement ? event.target : null;
    before.push({ input, value: input?.value });
    digits += value;
    counted(digits);
  }

  // Where a scan begins in what was typed: at the start, after a pause, or after a digit or two that a person pressed.
  function startOfScan() {
    if (isScan(digits)) return 0;
    if (lastGroup && isScan(digits.slice(lastGroup))) return lastGroup;
    for (let stray = 1; stray <= STRAY_MAX; stray += 1) if (isRight(digits.slice(stray))) return stray;
    return -1;
  }

  function restore({ input, value }) {
    if (!input) return;
    if (covered) input.blur();
    input.value = value;
    if (covered) input.focus();
  }

  function entered(event) {
    const [text, start, wasCovered] = [digits, startOfScan(), covered];
    if (start >= 0) {
      stop(event);
      restore(before[start]);
      forget();
      return scanned(text.slice(start), wasCovered);
    }
    forget();
    if (event.isComposing) return undefined;
    if (fields.includes(event.target) && event.target.value.trim()) {
      stop(event);
      const written = event.target.value.trim();
      event.target.value = "";
      return typed(written, event.target);
    }
    if (!text) return undefined;
    stop(event);
    return text.length > LONGEST_TYPED ? scanned(text, wasCovered) : undefined;
  }

  function stop(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.key === "Shift") return;
    const value = digitOf(event);
    if (value !== null) return digit(event, value);
    if (isEnd(event)) return entered(event);
    forget();
    if (!isCovered(event) && pressed(event)) stop(event);
  }

  document.addEventListener("keydown", press, { capture: true });
}
