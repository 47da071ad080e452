// The slip: a scan here is the next customer; the till takes it up.
import { listen } from "./scanner.js";

const next = document.getElementById("next");

listen({
  field: null,
  scanned: (text) => {
    sessionStorage.setItem("timebank.scanned", text);
    location.assign(next.href);
  },
  typed: () => undefined,
  pressed: (event) => {
    if (event.key !== "F9" && event.key !== "F2") return false;
    location.assign(next.href);
    return true;
  },
});
