// A badge that was scanned at an open till, which was locked for it: its owner goes on at once.

const KEPT = "timebank.badge";
const field = document.getElementById("badge");
const badge = sessionStorage.getItem(KEPT);
sessionStorage.removeItem(KEPT);

if (field && badge) {
  field.value = badge;
  field.form.requestSubmit();
}
