// Suggestions below the field for a town's name (ARIA's combobox). Without them, the button does the same.
for (const input of document.querySelectorAll("input[data-towns]")) {
  const list = document.createElement("ul");
  const count = document.createElement("p");
  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.hidden = true;
  for (const [name, value] of [["role", "listbox"], ["aria-label", input.labels[0].textContent]]) list.setAttribute(name, value);
  count.className = "unseen";
  count.setAttribute("role", "status");
  input.after(list, count);
  const set = (name, value) => (value === null ? input.removeAttribute(name) : input.setAttribute(name, value));
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  set("aria-expanded", "false");

  let at = -1;
  let timer;
  let asked = 0;

  const point = (to) => {
    at = to;
    [...list.children].forEach((option, index) => option.setAttribute("aria-selected", index === at));
    set("aria-activedescendant", at < 0 ? null : list.children[at].id);
    if (at >= 0) list.children[at].scrollIntoView({ block: "nearest" });
  };
  const open = (yes) => {
    list.hidden = !yes;
    set("aria-expanded", String(yes));
    if (!yes) point(-1);
  };
  const show = (towns) => {
    list.replaceChildren(...towns.map((town, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.textContent = town.prefecture + town.municipality + town.town;
      const kana = document.createElement("span");
      kana.textContent = town.kana;
      option.append(kana);
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => location.assign(town.page));
      return option;
    }));
    open(towns.length > 0);
    count.textContent = towns.length ? input.dataset.found.replace("{count}", towns.length) : input.dataset.none;
  };
  const ask = async () => {
    const turn = ++asked;
    const text = input.value.trim();
    if (!text) return open(false);
    try {
      const answer = await fetch(`${input.dataset.towns}?q=${encodeURIComponent(text)}`);
      const { towns = [] } = await answer.json();
      if (turn === asked) show(towns);
    } catch {
      open(false);
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") point(at < last ? at + 1 : 0);
    else if (event.key === "ArrowUp") point(at > 0 ? at - 1 : last);
    else if (event.key === "Escape") open(false);
    else if (event.key === "Enter" && at >= 0) list.children[at].click();
    else return;
    event.preventDefault();
  });
}
