// Searches the papers that search/<year>.js hold. They are scripts and not JSON so that they also load from a
// disk, and only once somebody is about to search.
"use strict";

const SHOWN = 50;
const form = document.querySelector("form.search");
const field = form?.querySelector("input");
const found = document.getElementById("found");
const results = document.getElementById("results");

// Each: [id, title, authors, categories, gist, week, 1 where it was highlighted], the newest first.
globalThis.broadsheetPapers = [];
let prepared = null;

// Unicode does not take these for letters with an accent.
const PLAIN = { ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", æ: "ae", œ: "oe", ß: "ss", þ: "th" };

function words(text) {
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.replace(/[øłđðħıæœßþ]/g, (letter) => PLAIN[letter]).match(/[\p{L}\p{N}]+/gu) ?? [];
}

// The words of the query; those that touch stand together, so that "cs.CL" is no paper of cs about a cluster.
// An id may come as a link, as "arXiv:..." and with a version; papers have it bare.
function wantedWords() {
  const withBareIds = field.value
    .replace(/(?:https?:\/\/)?(?:[\w.-]*arxiv\.org\/(?:abs|pdf|html)\/|arxiv:)/gi, " ")
    .replace(/(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})v\d+(?:\.pdf)?/gi, "$1");
  return withBareIds
    .split(/[\s,;]+/)
    .map((touching) => words(touching).join(" "))
    .filter(Boolean);
}

// What is there is not loaded again when another failed: it would be there twice.
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

// Finds a word however it is joined: "CIFAR10" in "CIFAR-10", "kNN" in "k-NN", "dataset" in "data set". It is
// parted beside numbers, behind a first letter that is no word, and between three letters and three.
function joined(word) {
  const letters = [...word.replaceAll(" ", "")];
  const isNumber = letters.map((letter) => /\p{N}/u.test(letter));
  const parts = letters.map((letter, place) => {
    const mayPart =
      (place > 0 && isNumber[place] !== isNumber[place - 1]) ||
      (place === 1 && !"ai".includes(letters[0])) ||
      (place > 2 && letters.length - place > 2);
    return mayPart ? ` ?${letter}` : letter;
  });
  return letters.length > 2 ? new RegExp(` ${parts.join("")}`, "u") : null;
}

// Every word has to begin a word of the paper; one in the title counts most. Names are looked for as they are.
function score([title, names, gist], wanted) {
  let sum = 0;
  for (const { word, anyhow } of wanted) {
    if (title.includes(` ${word}`)) sum += 3;
    else if (names.includes(` ${word}`) || anyhow?.test(title)) sum += 2;
    else if (gist.includes(` ${word}`) || anyhow?.test(gist)) sum += 1;
    else return 0;
  }
  return sum;
}

// Words that find their own direction, and change that of nothing beside them.
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
    found.textContent = "The search could not be loaded.";
    return;
  }
  if (wanted.join() !== wantedWords().join()) return;
  const sought = wanted.map((word) => ({ word, anyhow: joined(word) }));
  const hits = papers
    .map(({ paper, fields }) => ({ paper, points: score(fields, sought) }))
    .filter(({ points }) => points)
    .sort((one, other) => other.points - one.points);
  const count = hits.length === 1 ? "1 paper" : `${hits.length.toLocaleString("en")} papers`;
  found.textContent = hits.length > SHOWN ? `${count}, the first ${SHOWN} of them:` : count;
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
