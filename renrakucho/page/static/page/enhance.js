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

// Leaving at once: Back does not lead here again.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leave]");
  if (!link) return;
  event.preventDefault();
  location.replace(link.href);
});

// What is typed is kept by the server a moment later, so that no way of leaving a page loses it: Back, Forward, a link.
for (const form of document.querySelectorAll("form[data-keep]")) {
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  let kept = typed();
  let sent = false;
  let later;
  const keep = () => {
    clearTimeout(later);
    const now = typed();
    if (sent || now === kept) return;
    kept = now;
    fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(now), keepalive: true }).catch(() => {
      kept = "";
    });
  };
  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(keep, 500);
  });
  form.addEventListener("submit", () => {
    sent = true; // the form itself brings what is typed
    clearTimeout(later);
  });
  window.addEventListener("pagehide", keep);
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep();
  });
}
