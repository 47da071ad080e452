// The slip: a scan here is the next customer; the till takes it up.
import { listen } from "./scanner.js";
import { putInQueue } from "./till/sale.js";

const next = document.getElementById("next");
const goOn = () => location.assign(next.href);

listen({
  scanned: (text) => {
    putInQueue(text);
    goOn();
  },
  pressed: (event) => {
    if (event.key === "F9" || event.key === "F2") goOn();
    return event.key === "F9" || event.key === "F2";
  },
});
