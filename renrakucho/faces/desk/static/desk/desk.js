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
  } else {
    const there = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!there) return;
    if (there.open === false) there.open = true;
    const field = there.matches("input") ? there : there.querySelector("input:not([type=hidden]), textarea");
    field ? field.focus() : there.click();
  }
  event.preventDefault();
});
