// Fills in the reading of a name from what the input method (IME) was given before it wrote kanji. A reading that was
// typed, or corrected, is never written over. The note below it asks to look: a suggestion taken early is too short.
const KANA = /^[ぁ-ゖー・]+[nｎ]?$/;
const LATIN_END = /[nｎ]$/;

const katakana = (text) => text.replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));

for (const reading of document.querySelectorAll('input[id$="_kana"]')) {
  const name = document.getElementById(reading.id.replace(/kana$/, "name"));
  if (!name) continue;
  const note = document.createElement("p");
  note.className = "hint reading-note";
  note.setAttribute("role", "status");
  reading.parentElement.after(note);
  let filled = ""; // what stands there by this script
  let before = ""; // the name before the input method began
  let typing = "";
  let lost = name.value !== ""; // the name has a part whose reading is not known

  const fill = (text) => {
    if (reading.value !== filled) return; // somebody typed it
    filled = reading.value = text;
    note.textContent = text && reading.form.dataset.readingNote;
    reading.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const follow = () => {
    if (name.value === "") {
      lost = false;
      fill("");
    } else if (!lost) {
      lost = true; // corrected in the middle, pasted, or without an input method
      fill("");
    }
  };
  name.addEventListener("compositionstart", () => {
    before = name.value;
    typing = "";
  });
  name.addEventListener("compositionupdate", (event) => {
    if (event.data === "" || KANA.test(event.data)) typing = event.data.replace(LATIN_END, "ん");
  });
  name.addEventListener("compositionend", (event) => {
    if (before === "") lost = false;
    const known = event.data && !lost && name.value === before + event.data && typing.length >= event.data.length;
    if (known) fill(filled + katakana(typing));
    else follow();
  });
  name.addEventListener("input", (event) => {
    if (!event.isComposing && event.inputType !== "insertCompositionText") follow();
  });
  reading.addEventListener("input", () => {
    if (reading.value === filled) return;
    note.textContent = "";
    if (reading.value !== "") return;
    filled = "";
    lost = name.value !== "";
  });
}
