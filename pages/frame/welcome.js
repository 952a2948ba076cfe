// The code of the link goes into its field, and out of the address and the history.
const field = document.querySelector("input[name=code]");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
}
