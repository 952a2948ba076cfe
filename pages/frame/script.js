// What Streamlit leaves open: the language of the document, its own English words, single-key
// shortcuts, the sign-in cookie, and links that stay in the window. The server writes Streamlit's own words
// (ownWords) above this; what changes from run to run stands in the page as data-news.
(() => {
  const root = document.documentElement;
  const ATTRIBUTES = ["aria-label", "title", "placeholder"];
  const STATE = "data-test-script-state";
  const TEXTS = "[data-testid=stSkipToContent], [data-testid=InputInstructions] *, [role=listbox] *, [role=log] *, [data-testid=stFileUploaderDropzone] :is(p, span), [data-testid=stFileChip] [role=alert], [data-testid=stTooltipErrorContent], [data-testid=stTooltipErrorContent] *";
  let told = {};
  let heard = ""; // the news that were told last
  let waiting = false;
  let sought = ""; // the card that a link leads to, until it is there
  let answered = false; // whether the app has run since that link was followed

  // Streamlit runs the app again, without a reload, when the address has changed.
  function go(change) {
    const address = new URL(location.href);
    change(address);
    // The browser's own: a link of ours may leave out what the page has filled in (history.js).
    History.prototype.pushState.call(history, null, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  }

  const folder = () => location.pathname.replace(/[^/]*$/, "");

  const isDark = () => {
    const app = document.querySelector(".stApp");
    return Boolean(app) && getComputedStyle(app).colorScheme.includes("dark");
  };

  // Streamlit keeps the reader's choice for each address by itself, and reads it when it starts.
  function changeAppearance() {
    const chosen = JSON.stringify(isDark() ? "Light" : "Dark");
    for (const path of told.paths) localStorage.setItem(`stActiveTheme-${folder()}${path}-v2`, chosen);
    location.reload();
  }

  addEventListener("click", (event) => {
    const ours = ".stApp [data-choice], .stApp [data-to], a[data-within], .st-key-bar [data-start], .appearance, .whole";
    const found = event.target.closest?.(ours);
    if (!found || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (found.matches(".appearance")) changeAppearance();
    else if (found.matches(".whole")) document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen();
    else if (found.dataset.choice) go((address) => address.searchParams.set(...found.dataset.choice.split("=")));
    else if (found.dataset.to) show(document.querySelector(`.st-key-${found.dataset.to}`));
    else if (found.matches("[data-within]")) {
      [sought, answered] = [found.hash.slice(1), false];
      go((address) => { address.href = found.href; address.hash = ""; });
    }
    else go((address) => { address.pathname = folder(); });
  });

  // A card further down the page: there, for the eye and for the keyboard.
  function show(card) {
    card?.scrollIntoView();
    card?.setAttribute("tabindex", "-1");
    card?.focus();
  }

  // Whoever goes on by themselves is not taken back to it.
  for (const act of ["pointerdown", "keydown"]) addEventListener(act, () => { sought = ""; }, true);

  // On a phone the menu lies over the page and would stay there.
  addEventListener("click", (event) => {
    if (innerWidth < 768 && event.target.closest?.("[data-testid=stSidebarNavLink]"))
      document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  });

  // WCAG 2.1.4: Streamlit's bare r and c act from anywhere on the page.
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const bare = !(event.ctrlKey || event.metaKey || event.altKey);
    if (bare && !typing && /^[rc]$/i.test(event.key)) event.stopImmediatePropagation();
  }, true);

  function put(element, name, value) {
    if (element && value && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }

  // Once per frame at most: what Streamlit has drawn since gets its words and attributes.
  function amend() {
    waiting = false;
    hear();
    put(root, "lang", told.language);
    put(root, "data-page", told.page);
    put(document.querySelector("[data-testid=stTopNav]"), "aria-label", told.menu);
    put(document.querySelector("[data-testid=stTopNavSection]"), "aria-label", told.more);
    const appearance = document.querySelector(".appearance");
    put(appearance, "aria-label", appearance?.dataset[isDark() ? "light" : "dark"]);
    put(appearance, "title", appearance?.dataset[isDark() ? "light" : "dark"]);
    put(document.querySelector(".st-key-door input[type=text]"), "autocomplete", "username");
    put(document.querySelector(".st-key-door input[type=password]"), "autocomplete", "current-password");
    const card = sought && document.querySelector(`.st-key-${CSS.escape(sought)}`);
    if (card && document.querySelector(`[${STATE}=notRunning]`)) {
      if (document.activeElement !== card) show(card);
      if (answered) sought = "";
    }
    for (const name of ATTRIBUTES)
      for (const element of document.querySelectorAll(`body [${name}]`))
        put(element, name, ownWords[element.getAttribute(name)]?.[told.language]);
    for (const chip of document.querySelectorAll("[data-testid=stFileChip]"))
      put(chip.querySelector("button"), "aria-label", `${told.remove} ${chip.querySelector("[title]")?.title}`);
    for (const text of [...document.querySelectorAll(TEXTS)].flatMap((element) => [...element.childNodes])) {
      const given = text.nodeType === Node.TEXT_NODE && text.nodeValue.trim();
      const ours = ownWords[given]?.[told.language] ?? (given && counted(given));
      if (ours && ours !== given) text.nodeValue = text.nodeValue.replace(given, ours);
    }
  }

  // A text with a count stands among the words with 0 in its place.
  function counted(given) {
    const count = given.match(/\d+/)?.[0];
    return count && ownWords[given.replace(count, "0")]?.[told.language].replace("0", count);
  }

  new MutationObserver((changes) => {
    answered ||= changes.some((change) => change.attributeName === STATE);
    if (!waiting) requestAnimationFrame(amend);
    waiting = true;
  }).observe(root, { childList: true, subtree: true, attributeFilter: [...ATTRIBUTES, STATE, "data-news"] });

  function hear() {
    const news = document.querySelector("[data-news]")?.dataset.news;
    if (!news || news === heard) return;
    if (!heard) dressUp();
    heard = news;
    told = JSON.parse(news);
    root.style.setProperty("--more-pages", JSON.stringify(told.more));
    if (told.code) comeIn(told.code);
    if (told.leave) post("sign-out").catch(() => null).then(() => location.reload());
  }

  // The style comes after Streamlit's own, which are there once it has drawn.
  function dressUp() {
    const style = document.querySelector("link[rel=preload][as=style]");
    if (style) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: style.href }));
  }

  const post = (what, body) => fetch(folder() + what, { method: "POST", body });

  // The cookie is out of reach of scripts: it is fetched with a one-time code, and the page loaded anew.
  async function comeIn(code) {
    const answer = await post("sign-in", code).catch(() => null);
    if (answer?.ok && (await post("signed-in").catch(() => null))?.ok) return location.reload();
    const told = document.querySelector(".opening");
    if (told) told.textContent = told.dataset.failed;
  }
})();
