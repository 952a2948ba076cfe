// Streamlit adds a step to the browser's history for each parameter that a page fills in, and for those
// of the last page that it takes away before it goes to the next: the way back would lead nowhere.
// A step is another page or another value. What is filled in belongs to the step it is in.
const push = history.pushState;
history.pushState = (state, title, address) => {
  const now = new URL(location.href), next = new URL(address ?? now, now);
  const names = [...now.searchParams.keys()];
  const samePage = now.pathname === next.pathname;
  if (samePage && names.some((name) => !next.searchParams.has(name))) return;
  const filled = samePage && names.every((name) => now.searchParams.get(name) === next.searchParams.get(name));
  (filled ? history.replaceState : push).call(history, state, title, address);
};
