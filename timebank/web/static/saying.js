// What pages with a scanner say: sentences with values in them, and the line in which they are said.

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function teller(place) {
  return (text, kind = "") => {
    place.className = `notice ${kind}`;
    place.textContent = text;
    place.hidden = false;
  };
}
