// Everything that can be done by name: each panel tells what it offers, the palette lists it all.

const sources = [];

/** @param list gives `[{group, title, keys, run}, …]`, asked each time that the palette opens */
export function offer(list) {
  sources.push(list);
}

export function commands() {
  return sources.flatMap((list) => list());
}

/**
 * How well `words` fit `text`, higher is better, 0 not at all. Letters follow one another, or begin
 * a word, as in `mk tr` for `Make a transition`.
 */
export function fit(words, text) {
  const from = text.toLowerCase();
  let score = 1;
  let at = -1;
  for (const letter of words.toLowerCase().replaceAll(/\s+/g, '')) {
    const beginning = nextBeginning(from, letter, at + 1);
    const follows = at >= 0 && from[at + 1] === letter;
    if (!follows && beginning < 0) return 0;
    score += follows ? 8 : 6;
    at = follows ? at + 1 : beginning;
  }
  return score - from.length / 100;
}

function nextBeginning(text, letter, from) {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === letter && (at === 0 || /[^\p{L}\d]/u.test(text[at - 1]))) return at;
  }
  return -1;
}
