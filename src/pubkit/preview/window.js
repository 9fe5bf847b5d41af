// The window of a preview: shows the page, renews it where the reader is, and walks from finding to finding.
// The page itself runs no script; this one reads and scrolls it from outside.

const byId = (name) => document.getElementById(name);
const frames = [...document.querySelectorAll("#frames iframe")];
const trouble = byId("trouble");
const troubleFrame = trouble.querySelector("iframe");
let front = 0;
let view = "page";
let state = null;
let shown = "";
let troubleShown = 0;
let current = "";
let loading = 0;

// Where the reader is

const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, dt, dd, td, pre, figure, .reference, .sheet, .part";
const words = (block) => (block.matches("img, iframe") ? block.alt || block.title : block.textContent).trim().slice(0, 120);
const ours = (block) => block.closest(".pk-slip, .pk-head") !== null;

function placeIn(page) {
  const blocks = [...page.querySelectorAll(BLOCKS)].filter((block) => !ours(block));
  const from = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 1);
  const seen = from < 0 ? [] : blocks.slice(from, from + 12).map((block, step) => ({
    index: from + step, tag: block.tagName, words: words(block), top: block.getBoundingClientRect().top,
  }));
  const open = [...page.querySelectorAll("details[open]")].map(nameOf);
  const boxes = [...page.querySelectorAll("input[type=checkbox]")].map((box) => [box.id, box.checked]);
  return { seen, open, boxes, top: page.documentElement.scrollTop };
}

function nameOf(details) {
  const slip = details.closest("[id]");
  const number = [...(slip ?? details.ownerDocument).querySelectorAll("details")].indexOf(details);
  return `${slip?.id ?? ""} ${number}`;
}

function restore(page, place) {
  for (const [name, checked] of place.boxes) {
    const box = page.getElementById(name);
    if (box) box.checked = checked;
  }
  const open = new Set(place.open);
  for (const details of page.querySelectorAll("details")) details.open = open.has(nameOf(details));
  const blocks = [...page.querySelectorAll(BLOCKS)].filter((block) => !ours(block));
  for (const one of place.seen) {
    const same = blocks
      .map((block, index) => ({ block, far: Math.abs(index - one.index) }))
      .filter(({ block }) => block.tagName === one.tag && words(block) === one.words)
      .sort((left, right) => left.far - right.far)[0];
    if (same) {
      const shift = same.block.getBoundingClientRect().top - one.top;
      page.defaultView.scrollTo({ top: page.documentElement.scrollTop + shift, behavior: "instant" });
      return;
    }
  }
  page.defaultView.scrollTo({ top: place.top, behavior: "instant" });
}

// Loading: into the frame behind, which comes to the front once it stands where the reader is

function load(address, { keep }) {
  const number = ++loading;
  const before = frames[front];
  const next = frames[1 - front];
  document.body.classList.add("renewing");
  next.onload = () => {
    if (number !== loading || !next.contentDocument) return;
    const old = before.contentDocument;
    const place = keep && old?.body?.childElementCount ? placeIn(old) : null;
    if (place) restore(next.contentDocument, place);
    front = 1 - front;
    next.className = "front";
    next.title = before.title;
    next.removeAttribute("aria-hidden");
    next.removeAttribute("tabindex");
    before.className = "back";
    before.setAttribute("aria-hidden", "true");
    before.setAttribute("tabindex", "-1");
    document.body.classList.remove("renewing");
    byId("frames").removeAttribute("aria-busy");
    document.body.dataset.shown = shown;
    listenTo(next.contentDocument);
    countFindings();
  };
  next.contentWindow.location.replace(new URL(address, document.baseURI));
}

function renew() {
  if (!state) return;
  const web = state.broken && state.good ? "good" : "page";
  const number = web === "good" ? state.good : state.page;
  const wanted = view === "page" ? `${web} ${number}` : `${view} ${state.page}`;
  if (wanted !== shown && !(view !== "page" && state.busy)) {
    const keep = shown.split(" ")[0] === wanted.split(" ")[0] || (view === "page" && /^(page|good) /.test(shown));
    shown = wanted;
    if (view !== "page") say(`Making the ${view.toUpperCase()} …`, "busy");
    load(view === "page" ? web : `${view}/`, { keep });
  }
  const torn = state.broken && state.good > 0;
  trouble.hidden = !torn;
  if (torn && troubleShown !== state.page) {
    troubleShown = state.page;
    troubleFrame.onload = () => listenTo(troubleFrame.contentDocument);
    troubleFrame.contentWindow.location.replace(new URL("page", document.baseURI));
  }
  const download = byId("download");
  download.hidden = view === "page";
  download.href = `file/${view}/${state.page}`;
}

// What the server says

function say(text, kind) {
  byId("state").textContent = text;
  document.body.classList.toggle("busy", kind === "busy");
  document.body.classList.toggle("lost", kind === "lost");
}

const events = new EventSource("events");
events.addEventListener("state", (event) => {
  state = JSON.parse(event.data);
  if (state.words) {
    byId("words").textContent = state.words;
    byId("words").className = state.standing;
    byId("total").textContent = state.total ? `${state.total}.` : "";
    document.title = `${state.standing === "error" ? "✕ " : ""}${state.title || "Preview"}: ${state.total || state.words}`;
  }
  say(state.busy ? "Reading …" : `Renewed ${new Date().toLocaleTimeString()}, ${state.seconds.toFixed(1)} s`, state.busy ? "busy" : "");
  if (state.page) renew();
});
events.addEventListener("error", () => say("The preview has ended. Start it again: pubkit preview", "lost"));
addEventListener("pagehide", () => events.close());

// Findings

const page = () => frames[front].contentDocument;
const slips = () => [...(page()?.querySelectorAll(".pk-slip") ?? [])].filter((slip) => slip.checkVisibility());

function countFindings() {
  const all = slips();
  const index = all.findIndex((slip) => slip.id === current);
  byId("count").textContent = all.length ? `${index < 0 ? "–" : index + 1} of ${all.length}` : "none";
  for (const name of ["previous", "next"]) byId(name).disabled = all.length === 0;
  if (state && !state.busy && view !== "page") say(`${view.toUpperCase()} made`, "");
}

function go(step) {
  const all = slips();
  if (!all.length) return;
  const index = all.findIndex((slip) => slip.id === current);
  const slip = all[index < 0 ? (step > 0 ? 0 : all.length - 1) : (index + step + all.length) % all.length];
  current = slip.id;
  const mark = page().getElementById(`${slip.id}-at`) ?? slip;
  mark.scrollIntoView({ block: "center", behavior: "instant" });
  slip.focus({ preventScroll: mark !== slip });
  countFindings();
}

// An editor's address; a browser would load or run the others.
function open(address) {
  if (address && !/^(https?|javascript|data|blob|about|vbscript):/i.test(address)) location.href = address;
}

async function copy() {
  const slip = page()?.getElementById(current);
  const line = slip?.querySelector(".pk-copy code")?.textContent;
  if (!line) return say("This finding cannot be waived, or none is chosen", "");
  await navigator.clipboard.writeText(line);
  say("Copied the command", "");
}

function show(name) {
  view = name;
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  renew();
}

// Hands and keys, also inside the page

function listenTo(inner) {
  inner?.addEventListener("keydown", keys);
  inner?.addEventListener("change", countFindings);
  inner?.addEventListener("click", (event) => {
    const link = event.target.closest?.(".pk-slip a.pk-open");
    if (link) {
      event.preventDefault();
      open(link.href);
    }
    const slip = event.target.closest?.(".pk-slip");
    if (slip) {
      current = slip.id;
      countFindings();
    }
  });
}

const LETTERS = { j: () => go(1), n: () => go(1), k: () => go(-1), p: () => go(-1), c: copy, 1: () => show("page"), 2: () => show("epub"), 3: () => show("pdf"),
  o: () => open(page()?.getElementById(current)?.querySelector("a.pk-open")?.href) };

function keys(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input:not([type=checkbox]), textarea")) return;
  const letter = byId("letters").checked && !event.shiftKey ? LETTERS[event.key] : undefined;
  const act = event.key === "F8" ? () => go(event.shiftKey ? -1 : 1) : letter;
  if (act) {
    event.preventDefault();
    act();
  }
}

document.addEventListener("keydown", keys);
byId("next").addEventListener("click", () => go(1));
byId("previous").addEventListener("click", () => go(-1));
for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => show(button.dataset.view));
byId("help-open").addEventListener("click", (event) => {
  const help = byId("help");
  help.hidden = !help.hidden;
  event.currentTarget.setAttribute("aria-expanded", String(!help.hidden));
});

// A browser that keeps nothing forgets this choice as well.
try {
  byId("letters").checked = localStorage.getItem("pubkit-letters") !== "off";
  byId("letters").addEventListener("change", (event) => localStorage.setItem("pubkit-letters", event.target.checked ? "on" : "off"));
} catch {
  byId("letters").checked = true;
}
