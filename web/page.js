"use strict";
/* The page works without this script: views stand one under another and a source link leads to the message at
 * the foot. With it, views become tabs and messages open beside the text. Nothing here makes markup of text. */
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const tabs = all(".tab"), views = all(".view");
  const panel = document.getElementById("panel"), body = document.getElementById("panel-body");
  const title = document.getElementById("panel-title");
  let opener = null, current = null;
  root.classList.add("js");

  /* tabs */
  function select(id, focus) {
    if (!tabs.some((tab) => tab.hash === "#" + id)) return false;
    for (const tab of tabs) {
      const on = tab.hash === "#" + id;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) tab.focus();
    }
    for (const view of views) view.hidden = view.id !== id;
    current = null;
    return true;
  }
  function setUpTabs() {
    if (!tabs.length) return;
    tabs[0].closest("ul").setAttribute("role", "tablist");
    for (const tab of tabs) {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", tab.hash.slice(1));
      tab.parentNode.setAttribute("role", "presentation");
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        close(false);
        select(tab.hash.slice(1));
        window.scrollTo(0, 0);
        try { history.replaceState(null, "", tab.hash); } catch (refused) { /* some browsers refuse it for files */ }
      });
      tab.addEventListener("keydown", (event) => {
        const at = tabs.indexOf(tab), last = tabs.length - 1;
        const to = { ArrowRight: at < last ? at + 1 : 0, ArrowLeft: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const next = tabs[to];
        next.click();
        next.focus();
      });
    }
    for (const view of views) view.setAttribute("role", "tabpanel");
    if (!select(location.hash.slice(1))) select(views[0].id);
  }

  /* the message beside the text */
  function markQuote(quote) {
    for (const block of all(".t", body)) {
      const node = block.firstChild;
      const at = node && node.nodeType === Node.TEXT_NODE ? node.data.indexOf(quote) : -1;
      if (at < 0 || !quote) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + quote.length);
      const mark = document.createElement("mark");
      range.surroundContents(mark);
      return mark;
    }
    return null;
  }
  function open(ref, focus) {
    const message = document.getElementById(ref.hash.slice(1));
    if (!message) return;
    if (opener) opener.setAttribute("aria-expanded", "false");
    opener = ref;
    ref.setAttribute("aria-expanded", "true");
    const copy = message.cloneNode(true);
    copy.removeAttribute("id");
    body.replaceChildren(copy);
    title.textContent = ref.getAttribute("aria-label");
    panel.hidden = false;
    root.classList.add("opened");
    /* what rests on the message stays in sight: beside the panel, or above it on a phone */
    const sheet = panel.getBoundingClientRect().left === 0;
    (ref.closest(".item") || ref).scrollIntoView({ block: sheet ? "start" : "nearest" });
    const quote = document.querySelector("#n" + ref.dataset.note + " q");
    const mark = markQuote(quote ? quote.textContent : "");
    body.scrollTop = 0;
    if (mark) {
      const far = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
      if (far > body.clientHeight * 0.7) body.scrollTop = far - body.clientHeight / 3;
    }
    if (focus) body.focus({ preventScroll: true });
  }
  function close(refocus) {
    if (panel.hidden) return;
    panel.hidden = true;
    root.classList.remove("opened");
    body.replaceChildren();
    opener.setAttribute("aria-expanded", "false");
    if (refocus) opener.focus({ preventScroll: true });
    opener = null;
  }

  /* keys */
  function move(step) {
    const view = views.find((one) => !one.hidden);
    const items = view ? all(".item", view) : [];
    if (!items.length) return;
    const holder = opener ? opener.closest(".item") : document.activeElement.closest(".item");
    const at = items.indexOf(holder || current);
    const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + step, 0), items.length - 1);
    current = items[next];
    current.focus({ preventScroll: true });
    current.scrollIntoView({ block: "nearest" });
    const ref = current.querySelector(".ref");
    if (!panel.hidden && ref) open(ref, false);
  }
  document.addEventListener("click", (event) => {
    const ref = event.target.closest(".ref");
    if (!ref || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (ref === opener) close(true);
    else open(ref, event.detail === 0);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /* by place on the keyboard, so that a Russian layout works too */
    if (event.key === "Escape") close(true);
    else if (event.code === "KeyJ") move(1);
    else if (event.code === "KeyK") move(-1);
    else if (event.key === "Enter" && document.activeElement.classList.contains("item")) {
      const ref = document.activeElement.querySelector(".ref");
      if (ref) open(ref, true);
    }
  });
  document.getElementById("panel-close").addEventListener("click", () => close(true));
  setUpTabs();
})();
