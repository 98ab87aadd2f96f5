// The text behind «#» of a mailed link goes into the page's field, and out of the address: it stays in no history.
const text = decodeURIComponent(location.hash.slice(1));
const field = document.querySelector('input[name="text"]');
if (text && field && !field.value) {
  field.value = text;
  history.replaceState(null, "", location.pathname);
}
