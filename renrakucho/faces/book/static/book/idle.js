// An opened book closes by itself: two minutes before it this asks whether to go on. Compares clocks, since timers sleep.
// On a shared computer the page itself ends: nobody who comes next finds it on the screen.
const dialog = document.getElementById("idle");
const form = dialog.querySelector("form");
const seconds = Number(dialog.dataset.seconds);
const warning = Math.min(120, seconds / 2);
const ending = document.getElementById("end-shared");
let since = Date.now();

const show = (closed) => {
  dialog.querySelector("[data-open]").hidden = closed;
  dialog.querySelector("[data-closed]").hidden = !closed;
  if (!dialog.open) dialog.showModal();
};

const ticking = setInterval(() => {
  const left = seconds - (Date.now() - since) / 1000;
  if (left <= 0 && ending) {
    clearInterval(ticking);
    ending.requestSubmit();
    return;
  }
  if (left <= warning) show(left <= 0);
}, 1000);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  if (answer && answer.status === 204) since = Date.now();
  else if (answer) clearInterval(ticking); // it is closed: the page's own form keeps what is typed, and leads to the login
  dialog.close();
});
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  form.requestSubmit();
});
