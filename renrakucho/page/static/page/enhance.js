// A second press of a button that was already sent: the server refuses it, this spares the reader the wait.
const pressed = new Set();
const release = () => {
  for (const button of pressed) button.disabled = false;
  pressed.clear();
};

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || button.formTarget || event.target.target) return;
  // After this turn: a button that is disabled at once would not send its own name and value.
  setTimeout(() => {
    button.disabled = true;
    pressed.add(button);
  });
  setTimeout(release, 10000); // a download leaves the page standing
});
window.addEventListener("pageshow", release);
