// Passkeys: a form with data-passkey asks the browser for an answer to the options in it, and sends the answer along.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const known = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

const made = async (options) => {
  const found = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return { found, parts: ["clientDataJSON", "attestationObject"] };
};

const used = async (options) => {
  const found = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  return { found, parts: ["clientDataJSON", "authenticatorData", "signature"] };
};

const answer = ({ found, parts }) =>
  JSON.stringify({
    id: found.id,
    rawId: text(found.rawId),
    type: found.type,
    response: Object.fromEntries(parts.map((part) => [part, text(found.response[part])])),
    clientExtensionResults: {},
  });

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue; // the page says what to use instead
  const options = JSON.parse(form.dataset.options);
  const failed = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const ask = form.dataset.passkey === "make" ? made : used;
      form.elements.answer.value = answer(await ask(options));
      form.submit();
    } catch {
      failed.hidden = false; // refused, timed out, or known already on this device
    }
  });
}
