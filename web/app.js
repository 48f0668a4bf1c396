"use strict";
/* What the pages do beside htmx (which loads pieces of pages): the message beside the text with its quote marked,
 * keys, copying, dropping files, editing and export, the keeper of offline cards. Every page also works without
 * it: links lead to whole pages, forms post. Nothing here makes markup of text. */
(() => {
  const root = document.documentElement, page = document.body;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const one = (selector, from = document) => from.querySelector(selector);
  const panel = one("#panel"), panelBody = one("#panel-body"), panelTitle = one("#panel-title");
  let opener = null, current = null, toastTimer = 0;
  root.classList.add("js");

  function say(text) {
    const toast = one("#toast");
    if (!toast || !text) return;
    toast.textContent = text;
    toast.classList.add("shown");
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => toast.classList.remove("shown"), 2500);
  }

  /* the message beside the text */
  function find(text, quote) {
    const at = text.indexOf(quote);
    if (at >= 0) return [at, at + quote.length];
    /* line breaks and runs of spaces may differ */
    const escaped = quote.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
    const hit = escaped && escaped.length < 4000 ? new RegExp(escaped, "u").exec(text) : null;
    return hit ? [hit.index, hit.index + hit[0].length] : null;
  }
  function markQuote(quote) {
    if (!quote) return null;
    for (const block of all(".t, .original h2", panelBody)) {
      const node = block.firstChild;
      const span = node && node.nodeType === Node.TEXT_NODE ? find(node.data, quote) : null;
      if (!span) continue;
      const range = document.createRange();
      range.setStart(node, span[0]);
      range.setEnd(node, span[1]);
      const mark = document.createElement("mark");
      range.surroundContents(mark);
      return mark;
    }
    return null;
  }
  function openPanel(from) {
    if (opener && opener !== from) opener.removeAttribute("aria-expanded");
    if (!panelBody.contains(from)) {
      opener = from;
      from.setAttribute("aria-expanded", "true");
      panelTitle.textContent = from.dataset.panel || from.getAttribute("aria-label") || "";
    }
    panel.hidden = false;
    root.classList.add("opened");
    const sheet = panel.getBoundingClientRect().left === 0;
    if (opener) (opener.closest(".item") || opener).scrollIntoView({ block: sheet ? "start" : "nearest" });
    const mark = markQuote(from.dataset.quote || "");
    panelBody.scrollTop = 0;
    if (mark) {
      const far = mark.getBoundingClientRect().top - panelBody.getBoundingClientRect().top;
      if (far > panelBody.clientHeight * 0.7) panelBody.scrollTop = far - panelBody.clientHeight / 3;
    }
  }
  function closePanel(refocus) {
    if (!panel || panel.hidden) return false;
    panel.hidden = true;
    root.classList.remove("opened");
    panelBody.replaceChildren();
    if (opener) {
      opener.removeAttribute("aria-expanded");
      if (refocus && opener.isConnected) opener.focus({ preventScroll: true });
    }
    opener = null;
    return true;
  }

  /* pieces that htmx brought */
  page.addEventListener("htmx:beforeRequest", (event) => {
    const from = event.detail.elt;
    if (from === opener && !panel.hidden && from.classList.contains("ref")) {
      event.preventDefault();
      closePanel(true);
    }
  });
  page.addEventListener("htmx:afterSwap", (event) => {
    const from = event.detail.requestConfig && event.detail.requestConfig.elt;
    /* what had the focus was replaced: it stays with what stands there now */
    if (document.activeElement === page && page.dataset.keyed === "yes" && event.target.closest) {
      const near = event.target.closest("[tabindex]");
      if (near) near.focus({ preventScroll: true });
    }
    if (event.detail.target === panelBody && from) {
      openPanel(from);
      if (!from.classList.contains("ref") || page.dataset.keyed === "yes") panelBody.focus({ preventScroll: true });
    } else if (from && from.classList.contains("tab")) {
      closePanel(false);
      for (const tab of all(".tab", from.closest("ul"))) tab.removeAttribute("aria-current");
      from.setAttribute("aria-current", "true");
      current = null;
    }
  });
  page.addEventListener("htmx:beforeSwap", (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status === 401 || new URL(xhr.responseURL || location.href).pathname === "/login") {
      event.detail.shouldSwap = false;
      forget().finally(() => location.assign("/login"));
    } else if (xhr.status >= 400) {
      event.detail.shouldSwap = false;
      say(page.dataset.failed);
    }
  });
  page.addEventListener("htmx:sendError", () => say(page.dataset.failed));

  /* keys: by place on the keyboard, so that a Russian layout works too */
  function move(step) {
    const items = all(".item").filter((item) => item.offsetParent !== null && !panel.contains(item));
    if (!items.length) return;
    const holder = document.activeElement.closest ? document.activeElement.closest(".item") : null;
    const at = items.indexOf(holder || current);
    current = items[at < 0 ? (step > 0 ? 0 : items.length - 1) : Math.min(Math.max(at + step, 0), items.length - 1)];
    current.focus({ preventScroll: true });
    current.scrollIntoView({ block: "nearest" });
    const ref = one(".ref", current);
    if (!panel.hidden && ref && ref !== opener) ref.click();
  }
  function openSource() {
    const item = document.activeElement.closest(".item") || current;
    const ref = item && one(".ref", item);
    if (ref) ref.click();
  }
  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }
  document.addEventListener("keydown", (event) => {
    page.dataset.keyed = "yes";
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (!closePanel(true) && isTyping(event.target)) event.target.blur();
      return;
    }
    if (isTyping(event.target)) return;
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (event.key === "/" || (event.code === "Slash" && !event.shiftKey)) {
      const field = one("[data-key=search]") || one("[data-key=find]");
      if (field) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    } else if (event.key === "?" || (event.key === "," && event.shiftKey)) location.assign("/help");
    else if (event.code === "KeyJ") move(1);
    else if (event.code === "KeyK") move(-1);
    else if (event.code === "KeyO" || (event.key === "Enter" && event.target.classList.contains("item"))) openSource();
    else if (digit && !event.shiftKey) {
      const tab = all(".tabs .tab")[Number(digit[1]) - 1];
      if (tab) tab.click();
    }
  });
  document.addEventListener("pointerdown", () => { page.dataset.keyed = "no"; });

  /* copy, print, menu */
  function plain(node) {
    const copy = node.cloneNode(true);
    for (const extra of all(".refs, .no-print, .say", copy)) extra.remove();
    return copy.textContent.replace(/[ \t]*\n\s*\n+/g, "\n\n").trim();
  }
  document.addEventListener("click", (event) => {
    const copier = event.target.closest("[data-copy]");
    const menu = one(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
    if (event.target.closest("[data-print]")) window.print();
    if (copier && navigator.clipboard) {
      const from = one(copier.dataset.copy);
      if (from) navigator.clipboard.writeText(plain(from)).then(() => say(page.dataset.copied), () => say(page.dataset.failed));
    }
    if (event.target.closest("#panel-close")) closePanel(true);
    if (event.target.closest("[contenteditable] .ref") && !event.ctrlKey) event.target.closest("[contenteditable]").blur();
  });

  /* export: the edited text as plain lines, "# " and "## " before titles, "- " before items */
  function lines(paper) {
    const marks = { H1: "# ", H2: "## ", H3: "### ", LI: "- ", P: "", DIV: "" };
    const out = [];
    const walk = (node) => {
      for (const child of node.children) {
        const flat = !all("p, li, h1, h2, h3, ul, section, div", child).length;
        if (flat && child.tagName in marks) {
          const text = plain(child).replace(/\s+/g, " ");
          if (text) out.push(marks[child.tagName] + text);
        } else if (!child.classList.contains("refs")) walk(child);
      }
    };
    walk(paper);
    return out.join("\n");
  }
  const exporter = one("#export");
  if (exporter) exporter.addEventListener("submit", () => {
    const field = one("[name=text]", exporter), paper = one(field.dataset.from);
    if (paper) field.value = lines(paper);
  });

  /* files: dropped or chosen, sent with the progress that is real */
  function setUpDrop(form) {
    const area = one(".drop-area", form), input = one("input[type=file]", form), chosen = one("#chosen", form), sent = one("#sent", form);
    const show = () => {
      const names = Array.from(input.files, (file) => file.name);
      chosen.hidden = !names.length;
      chosen.textContent = names.slice(0, 6).join(", ") + (names.length > 6 ? " +" + (names.length - 6) : "");
    };
    for (const kind of ["dragenter", "dragover"]) area.addEventListener(kind, (event) => { event.preventDefault(); area.classList.add("over"); });
    for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
      show();
    });
    input.addEventListener("change", show);
    if (sent) form.addEventListener("submit", (event) => {
      event.preventDefault();
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-Progress", "1");
      sent.hidden = false;
      for (const button of all("button", form)) button.disabled = true;
      request.upload.addEventListener("progress", (at) => { if (at.lengthComputable) sent.value = (100 * at.loaded) / at.total; });
      request.addEventListener("load", () => {
        const next = request.getResponseHeader("X-Next");
        if (next && next.startsWith("/")) location.assign(next);
        else form.submit();
      });
      request.addEventListener("error", () => { say(page.dataset.failed); sent.hidden = true; for (const button of all("button", form)) button.disabled = false; });
      request.send(new FormData(form));
    });
  }
  const drop = one("#drop");
  if (drop) setUpDrop(drop);

  /* cards kept for the road: see worker.js */
  function worker(message) {
    const active = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (active) active.postMessage(message);
  }
  function forget() {
    worker({ kind: "forget" });
    return new Promise((done) => setTimeout(done, 60));
  }
  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register("/worker.js", { scope: "/" }).then(() => {
      if (page.dataset.reader) worker({ kind: "reader", reader: page.dataset.reader });
    }).catch(() => {});
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (event.data && event.data.kind === "offline") say(page.dataset.offline);
      const list = one("#kept");
      if (list && event.data && event.data.kind === "kept") {
        list.replaceChildren(...event.data.cards.map((card) => {
          const item = document.createElement("li"), link = document.createElement("a");
          link.href = card.path;
          link.className = "row";
          link.textContent = card.name;
          item.append(link);
          return item;
        }));
      }
    });
    if (one("#kept")) worker({ kind: "list" });
  }
  const leave = one("form[data-logout]");
  if (leave) leave.addEventListener("submit", () => worker({ kind: "forget" }));
})();
