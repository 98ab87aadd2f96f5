// One key for what the hand does all day. Every key presses something that is also there to click.
const keys = document.querySelector("[data-keys]");
const on = document.querySelector("[data-keys-on]");
const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

keys.hidden = false;
on.checked = localStorage.getItem("desk-keys") !== "off";
on.addEventListener("change", () => localStorage.setItem("desk-keys", on.checked ? "on" : "off"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea");
  if (typing) {
    if (event.key === "Escape") typing.blur();
    return;
  }
  if (!on.checked) return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const step = steps[event.key];
  if (rows.length && step) {
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
  } else if (event.key === "x" && rows.includes(document.activeElement)) {
    document.activeElement.closest("tr").querySelector("[data-tick]")?.click();
  } else {
    const there = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!there) return;
    if (there.open === false) there.open = true;
    const field = there.matches("input") ? there : there.querySelector("input:not([type=hidden]), textarea");
    field ? field.focus() : there.click();
  }
  event.preventDefault();
});

// Ticks: the whole page at once, and how many there are.
const every = document.querySelector("[data-every]");
const chosen = document.querySelector("[data-chosen]");
const ticks = [...document.querySelectorAll("[data-tick]")];
if (every && chosen) {
  const say = () => {
    const count = ticks.filter((tick) => tick.checked).length;
    chosen.textContent = `(${count})`;
    every.checked = count === ticks.length;
    every.indeterminate = count > 0 && count < ticks.length;
  };
  every.hidden = false;
  every.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = every.checked;
    say();
  });
  for (const tick of ticks) tick.addEventListener("change", say);
  window.addEventListener("pageshow", say);
}

// A column of receipt numbers: what is pasted fills the rows below, Enter goes on to the next one.
const fields = [...document.querySelectorAll("[data-fill]")];
for (const [at, field] of fields.entries()) {
  field.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
    if (lines.length < 2) return;
    event.preventDefault();
    lines.slice(0, fields.length - at).forEach((line, down) => { fields[at + down].value = line.trim(); });
    fields[Math.min(at + lines.length, fields.length) - 1].focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    (fields[at + 1] || document.querySelector("[data-done]")).focus();
  });
}
