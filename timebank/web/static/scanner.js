// The scanner: a keyboard that types fast. Every key press of the page passes through here first. A scan is recognised
// by its grammar (known length and check digit, then Enter), never by its speed alone, so its Enter presses no button
// and its digits stay in no field. Speed decides only what a stray digit before a scan is.

const GAP_MS = 100;
const LONGEST_TYPED = 6;

function eanIsRight(digits) {
  const sum = [...digits].reverse().reduce((all, digit, place) => all + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

// EAN-8, UPC-A, EAN-13 with a right check digit; our twenty digits with a right remainder; and what has the length of
// the payment codes that people hold out by mistake, or of ours read wrongly: the server says what it is.
export function isScan(text) {
  if (!/^\d+$/.test(text)) return false;
  if ([8, 12, 13].includes(text.length)) return eanIsRight(text);
  if (text.length === 20 && text[0] === "9") return BigInt(text) % 97n === 1n;
  return text.length >= 16 && text.length <= 24;
}

// With a Chinese input method on, `key` is "Process" and only `code` tells the digit.
function digitOf(event) {
  if (/^\d$/.test(event.key)) return event.key;
  if (event.key !== "Process") return null;
  return /^(Digit|Numpad)(\d)$/.exec(event.code)?.[2] ?? null;
}

// Calls `scanned` with each scan, `typed` with what a person typed into `field` and ended with Enter, and `pressed`
// with every other key; what `pressed` answers with true goes no further.
export function listen({ field, scanned, typed, pressed }) {
  let digits = "";
  let lastGroup = 0;
  let lastAt = 0;
  let before = null;

  function digit(event, value) {
    if (event.timeStamp - lastAt > GAP_MS) lastGroup = digits.length;
    lastAt = event.timeStamp;
    if (!digits) before = event.target instanceof HTMLInputElement ? { input: event.target, value: event.target.value } : null;
    digits += value;
  }

  function scanIn(text, start) {
    if (isScan(text)) return text;
    const fast = text.slice(start);
    return isScan(fast) ? fast : null;
  }

  function entered(event) {
    const [text, start] = [digits, lastGroup];
    digits = "";
    const scan = scanIn(text, start);
    const inField = event.target === field;
    if (scan !== null) {
      event.preventDefault();
      event.stopPropagation();
      if (before) before.input.value = before.value;
      scanned(scan);
    } else if (inField && field.value.trim()) {
      event.preventDefault();
      typed(field.value.trim());
      field.value = "";
    } else if (text) {
      event.preventDefault();
      event.stopPropagation();
      if (text.length > LONGEST_TYPED) scanned(text);
    }
  }

  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const value = digitOf(event);
    if (value !== null) return digit(event, value);
    if (event.key === "Enter") return entered(event);
    if (event.key === "Shift") return;
    digits = "";
    if (!pressed(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  document.addEventListener("keydown", press, { capture: true });
}
