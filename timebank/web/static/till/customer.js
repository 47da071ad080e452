// The second window, which faces the customer: the till's page tells it what lies in the basket.

const at = (id) => document.getElementById(id);
const points = (e2) => (e2 / 100).toLocaleString("en-US", { maximumFractionDigits: 2 });
const screen = new BroadcastChannel("timebank.till");

screen.addEventListener("message", ({ data }) => {
  if (typeof data !== "object") return;
  at("basket").replaceChildren(
    ...data.lines.map(({ name, pieces, price_e2 }) => {
      const row = document.createElement("tr");
      for (const text of [name, `×${pieces}`, points(price_e2 * pieces)]) row.insertCell().textContent = text;
      return row;
    }),
  );
  at("total").textContent = data.total;
  at("after").textContent = data.after;
  at("welcome").hidden = data.served;
});

screen.postMessage("who is there");
