"use strict";
/* Keeps the cards that were opened last, encrypted, so that they can be read without a connection.
 *
 * The key comes from the server once a session (/session/key) and is kept here as a CryptoKey that can't be
 * exported. A card is one record: AES-GCM of its page and its name, the path as additional data. Kept are at most
 * KEEP cards. All is wiped at logout, when another reader or session comes, and whenever the server says that
 * nobody is logged in. Style, script and the page for no connection hold nothing of a client and are cached as
 * they are. */
const KEEP = 30, SHELL = "svodka-shell-1";
const SHELL_FILES = ["/offline", "/static/app.css", "/static/app.js", "/static/htmx.js", "/static/icon.svg"];
const isCard = (path) => /^\/clients\/\d+$/.test(path);

function database() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("svodka", 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("cards", { keyPath: "path" });
      opening.result.createObjectStore("session");
    };
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
}
async function within(store, mode, work) {
  const db = await database();
  try {
    return await new Promise((done, failed) => {
      const deal = db.transaction(store, mode);
      const request = work(deal.objectStore(store));
      deal.oncomplete = () => done(request ? request.result : undefined);
      deal.onabort = deal.onerror = () => failed(deal.error);
    });
  } finally {
    db.close();
  }
}
async function forget() {
  await within("cards", "readwrite", (store) => store.clear());
  await within("session", "readwrite", (store) => store.clear());
}

/* The session's key: fetched when there is none. Another one: what was kept under the old one goes. */
async function sessionKey(online) {
  const kept = await within("session", "readonly", (store) => store.get("key"));
  if (!online) return kept ? kept.key : null;
  const answer = await fetch("/session/key", { credentials: "same-origin", cache: "no-store", redirect: "manual" });
  if (answer.status === 401 || answer.type === "opaqueredirect") {
    await forget();
    return null;
  }
  if (!answer.ok) return null;
  const given = await answer.json();
  if (kept && kept.name === given.name) return kept.key;
  await forget();
  const bytes = Uint8Array.from(atob(given.key), (c) => c.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  bytes.fill(0);
  await within("session", "readwrite", (store) => store.put({ key, name: given.name }, "key"));
  return key;
}

async function keep(path, answer) {
  const key = await sessionKey(true);
  if (!key) return;
  let page = await answer.text();
  if (!page.includes("id=\"coverage\"")) {
    /* somebody who was here lately sees what is new first; what is kept has the summary */
    const whole = await fetch(path + "?keep=1", { credentials: "same-origin", cache: "no-store", redirect: "manual" });
    if (whole.ok) page = await whole.text();
  }
  const title = /<title>([^<]*)<\/title>/.exec(page);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const named = JSON.stringify({ name: title ? title[1] : path, page });
  const bytes = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(path) }, key,
    new TextEncoder().encode(named));
  await within("cards", "readwrite", (store) => store.put({ path, at: Date.now(), iv, bytes }));
  const cards = await within("cards", "readonly", (store) => store.getAll());
  const old = cards.sort((a, b) => b.at - a.at).slice(KEEP);
  if (old.length) await within("cards", "readwrite", (store) => { for (const card of old) store.delete(card.path); });
}
async function open(card, key) {
  const bytes = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: card.iv, additionalData: new TextEncoder().encode(card.path) }, key, card.bytes);
  return JSON.parse(new TextDecoder().decode(bytes));
}
async function kept(path) {
  const key = await sessionKey(false);
  const card = key && await within("cards", "readonly", (store) => store.get(path));
  return card ? (await open(card, key)).page : null;
}
async function list() {
  const key = await sessionKey(false);
  const cards = key ? await within("cards", "readonly", (store) => store.getAll()) : [];
  const out = [];
  for (const card of cards.sort((a, b) => b.at - a.at)) {
    try {
      const name = (await open(card, key)).name.replace(/&quot;/g, "\"").replace(/&#39;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
      out.push({ path: card.path, name: name.replace(/ · [^·]*$/, "") });
    } catch (damaged) { /* another session's: it goes with the next key */ }
  }
  return out;
}
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'",
};
async function offline(path, clientId) {
  const page = isCard(path) ? await kept(path).catch(() => null) : null;
  if (!page) return (await caches.match("/offline")) || Response.error();
  setTimeout(async () => {
    const client = clientId && await self.clients.get(clientId);
    if (client) client.postMessage({ kind: "offline" });
  }, 800);
  return new Response(page, { headers: HEADERS });
}
async function visit(event, path) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (unreachable) {
    return offline(path, event.resultingClientId);
  }
  if (answer.status === 401 || (isCard(path) && answer.type === "opaqueredirect")) event.waitUntil(forget());
  else if (isCard(path) && (answer.status === 404 || answer.status === 403))
    event.waitUntil(within("cards", "readwrite", (store) => store.delete(path)));
  else if (isCard(path) && answer.ok) event.waitUntil(keep(path, answer.clone()).catch(() => {}));
  return answer;
}
async function shell(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(SHELL)).put(new URL(request.url).pathname, answer.clone());
    return answer;
  } catch (unreachable) {
    return (await caches.match(new URL(request.url).pathname)) || Response.error();
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(SHELL_FILES)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.method === "POST" && url.pathname === "/logout") event.waitUntil(forget());
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(visit(event, url.pathname));
  else if (SHELL_FILES.includes(url.pathname)) event.respondWith(shell(event.request));
});
self.addEventListener("message", (event) => {
  const data = event.data || {};
  if (data.kind === "forget") event.waitUntil(forget());
  else if (data.kind === "reader") event.waitUntil((async () => {
    const known = await within("session", "readonly", (store) => store.get("reader"));
    if (known !== undefined && known !== data.reader) await forget();
    await within("session", "readwrite", (store) => store.put(data.reader, "reader"));
  })());
  else if (data.kind === "list") event.waitUntil(list().then((cards) => event.source.postMessage({ kind: "kept", cards })));
});
