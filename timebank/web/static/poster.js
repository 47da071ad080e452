// The poster as a PNG, which group chats take, and the words in the clipboard. Without this file the page prints.

const picture = document.getElementById("poster");
const hint = document.querySelector("[data-with-script]");

function asPng() {
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  picture.src = canvas.toDataURL("image/png");
  hint.textContent = hint.dataset.withScript;
}

if (picture) {
  if (picture.complete) asPng();
  else picture.addEventListener("load", asPng, { once: true });
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).value);
    button.textContent = button.dataset.copied;
  });
}
