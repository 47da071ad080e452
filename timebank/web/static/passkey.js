// Passkeys: what the page asks goes to the browser, what the browser answers goes into the form.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const withBytes = (one) => ({ ...one, id: bytes(one.id) });

const make = async (asked) => {
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: withBytes(asked.user),
    excludeCredentials: (asked.excludeCredentials ?? []).map(withBytes),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    ...told(made),
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    },
  };
};

const give = async (asked) => {
  const allowCredentials = asked.allowCredentials.map(withBytes);
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials };
  const given = await navigator.credentials.get({ publicKey });
  return {
    ...told(given),
    response: {
      clientDataJSON: text(given.response.clientDataJSON),
      authenticatorData: text(given.response.authenticatorData),
      signature: text(given.response.signature),
    },
  };
};

const told = (one) => ({ id: one.id, rawId: text(one.rawId), type: one.type, clientExtensionResults: {} });

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = form.querySelector("[role=alert]");
  if (!window.PublicKeyCredential) {
    said.hidden = false;
    continue;
  }
  form.querySelector("button").disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await (form.dataset.passkey === "make" ? make : give)(JSON.parse(form.dataset.asked));
      form.elements.answer.value = JSON.stringify(answer);
      form.submit();
    } catch {
      said.hidden = false;
    }
  });
}
