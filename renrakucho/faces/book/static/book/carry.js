// Goes on by itself, once. Whoever comes back by the browser's Back, or reloads, stays here and decides.
const [arrival] = performance.getEntriesByType("navigation");
if (!arrival || arrival.type === "navigate") {
  document.getElementById("carry").requestSubmit();
}
