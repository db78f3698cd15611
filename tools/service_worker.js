/**
 * Keeps the course in the browser: what is here is not fetched again, and needs no network.
 *
 * kept-files.json names every file of the pages, with the sha256 of its content. It is asked for
 * whenever a page is opened: so what was published anew is seen at once, and only what has changed
 * is fetched. A file is kept when it was needed, and all others once the page has come to rest.
 *
 * JupyterLite's own service worker sees little of a first visit, and forgets to keep anything when
 * the browser has stopped it. It is left to its other task: to give Python the files of the page.
 */

const ROOT = self.registration.scope;
const LIST = `${ROOT}kept-files.json`;
// JupyterLite asks for this every 20 seconds. While the page still fetches, the rest has to wait.
const HEARTBEAT = "/api/service-worker-heartbeat";
const PATIENCE = 5000; // milliseconds: a network that does not answer is none

let list = keptList().then((known) => known ?? newestList());
let underway = 0;
let rest;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (new URL(request.url).pathname === HEARTBEAT) {
    if (!underway) {
      rest ??= keepTheRest(event);
      event.waitUntil(rest);
    }
  } else if (request.method === "GET" && request.url.startsWith(ROOT)) {
    if (request.mode === "navigate") {
      list = newestList();
      rest = undefined;
    }
    event.respondWith(answer(event));
    event.stopImmediatePropagation(); // JupyterLite's would answer too
  }
});

importScripts("jupyterlite-service-worker.js");

function kept() {
  return caches.open(ROOT); // other sites on the same host have other caches
}

async function keptList() {
  return (await (await kept()).match(LIST))?.json();
}

async function newestList() {
  try {
    const found = await fetch(LIST, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    const newest = await found.clone().json();
    await (await kept()).put(LIST, found);
    return newest;
  } catch {
    return (await keptList()) ?? {};
  }
}

async function answer(event) {
  const { origin, pathname } = new URL(event.request.url);
  const path = `${origin}${pathname}`.slice(ROOT.length).replace(/(^|\/)$/, "$1index.html");
  const digest = (await list)[path];
  if (!digest) {
    return fetch(event.request);
  }
  const found = await (await kept()).match(keptAs(path, digest));
  return found ?? fetched(path, digest, event).catch(() => fetch(event.request));
}

/** With another content, a file is another one. */
function keptAs(path, digest) {
  return `${ROOT}${path}?${digest}`;
}

/** Fetch a file and keep it; fail if it is not the one that the list means. */
async function fetched(path, digest, event) {
  underway += 1;
  try {
    const found = await fetch(ROOT + path, { cache: "no-cache", integrity: digest });
    const copy = found.clone();
    event.waitUntil(kept().then((cache) => cache.put(keptAs(path, digest), copy)));
    return found;
  } finally {
    underway -= 1;
  }
}

/** Keep all that is not kept yet, one after another, and drop what is no longer part of it. */
async function keepTheRest(event) {
  const missing = new Map();
  for (const [path, digest] of Object.entries(await list)) {
    missing.set(keptAs(path, digest), [path, digest]);
  }
  const cache = await kept();
  for (const { url } of await cache.keys()) {
    if (!missing.delete(url) && url !== LIST) {
      await cache.delete(url);
    }
  }
  for (const [path, digest] of missing.values()) {
    await fetched(path, digest, event).catch(() => {}); // the next page will try again
  }
}
