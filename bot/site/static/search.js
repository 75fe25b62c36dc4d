// Searches the papers listed in search/<year>.js. These are scripts, not JSON, so that they also load from a disk;
// they load only when somebody is about to search.
"use strict";

const SHOWN = 50;
const form = document.querySelector("form.search");
const field = form?.querySelector("input");
const found = document.getElementById("found");
const results = document.getElementById("results");

// Each paper: [id, title, authors, categories, gist, week, 1 for a highlight or 0]. prepare() sorts the newest first.
globalThis.broadsheetPapers = [];
let prepared = null;

// Letters that Unicode does not decompose into a base letter and an accent.
const PLAIN = { ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", æ: "ae", œ: "oe", ß: "ss", þ: "th" };

function words(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.replace(/[øłđðħıæœßþ]/g, (letter) => PLAIN[letter]).match(/[\p{L}\p{N}]+/gu) ?? [];
}

// The words of the query. Words without a space between them stay together, so that "cs.CL" does not find a cs paper
// about clusters. An id may be a link, start with "arXiv:" or have a version; the papers have bare ids.
function wantedWords() {
  const withBareIds = field.value
    .replace(/(?:https?:\/\/)?(?:[\w.-]*arxiv\.org\/(?:abs|pdf|html)\/|arxiv:)/gi, " ")
    .replace(/(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})v\d+(?:\.pdf)?/gi, "$1");
  return withBareIds
    .split(/[\s,;]+/)
    .map((part) => words(part).join(" "))
    .filter(Boolean);
}

// A retry loads only the years that failed: loading the others again would list their papers twice.
const loaded = new Map();

function load(address) {
  if (!loaded.has(address)) {
    const loading = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    loaded.set(address, loading);
    loading.catch(() => loaded.delete(address));
  }
  return loaded.get(address);
}

function prepare() {
  prepared ??= Promise.all(form.dataset.indexes.split(" ").map(load)).then(() =>
    globalThis.broadsheetPapers
      .sort((one, other) => (one[5] < other[5] ? 1 : one[5] > other[5] ? -1 : other[6] - one[6]))
      .map((paper) => {
        const [id, title, authors, categories, gist] = paper;
        const fields = [title, `${authors} ${categories} ${id}`, gist];
        return { paper, fields: fields.map((text) => ` ${words(text).join(" ")}`) };
      }),
  );
  return prepared;
}

// Matches a word even where the paper splits it: "CIFAR10" in "CIFAR-10", "kNN" in "k-NN", "dataset" in "data set".
// It may be split beside a number, after a first letter that is not a word itself, or with at least three letters on
// both sides.
function splittable(word) {
  const letters = [...word.replaceAll(" ", "")];
  const isNumber = letters.map((letter) => /\p{N}/u.test(letter));
  const parts = letters.map((letter, place) => {
    const maySplit =
      (place > 0 && isNumber[place] !== isNumber[place - 1]) ||
      (place === 1 && !"ai".includes(letters[0])) ||
      (place > 2 && letters.length - place > 2);
    return maySplit ? ` ?${letter}` : letter;
  });
  return letters.length > 2 ? new RegExp(` ${parts.join("")}`, "u") : null;
}

// Every wanted word must start a word of the paper; those in the title count most. Names, categories and ids are
// never split.
function score([title, names, gist], wanted) {
  let sum = 0;
  for (const { word, split } of wanted) {
    if (title.includes(` ${word}`)) sum += 3;
    else if (names.includes(` ${word}`) || split?.test(title)) sum += 2;
    else if (gist.includes(` ${word}`) || split?.test(gist)) sum += 1;
    else return 0;
  }
  return sum;
}

// Text that gets its own direction (left or right) without changing that of its neighbours.
function isolated(text) {
  const part = document.createElement("bdi");
  part.textContent = text;
  return part;
}

function item([id, title, authors, categories, gist, week]) {
  const link = document.createElement("a");
  link.href = `papers/${id.replaceAll("/", "-")}.html`;
  link.textContent = title;
  link.dir = "auto";
  const about = document.createElement("span");
  about.className = "about";
  about.append(...[authors, categories, week].filter(Boolean).flatMap((part) => [" · ", isolated(part)]).slice(1));
  if (gist) about.append(" — ", isolated(gist));
  const line = document.createElement("li");
  line.append(link, about);
  return line;
}

async function search() {
  const wanted = wantedWords();
  history.replaceState(null, "", wanted.length ? `#q=${encodeURIComponent(field.value)}` : "#");
  if (!wanted.length) {
    found.textContent = "";
    results.replaceChildren();
    return;
  }
  let papers;
  try {
    papers = await prepare();
  } catch {
    prepared = null;
    found.textContent = "Search could not be loaded. Please try again.";
    return;
  }
  // The query changed while the papers were loading; its own search shows the results.
  if (wanted.join() !== wantedWords().join()) return;
  const sought = wanted.map((word) => ({ word, split: splittable(word) }));
  const hits = papers
    .map(({ paper, fields }) => ({ paper, points: score(fields, sought) }))
    .filter(({ points }) => points)
    .sort((one, other) => other.points - one.points);
  const count = hits.length === 1 ? "1 paper" : `${hits.length.toLocaleString("en")} papers`;
  found.textContent = hits.length > SHOWN ? `${count}, showing the first ${SHOWN}:` : count;
  results.replaceChildren(...hits.slice(0, SHOWN).map(({ paper }) => item(paper)));
}

if (form) {
  form.hidden = false;
  let waiting;
  field.addEventListener("focus", () => prepare().catch(() => (prepared = null)), { once: true });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  const asked = new URLSearchParams(location.hash.slice(1)).get("q");
  if (asked) {
    field.value = asked;
    search();
  }
}
