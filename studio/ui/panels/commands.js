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
 * How well `words` fit `text`, higher is better, 0 not at all: every letter in its order, best at
 * the beginnings of words and one after another.
 */
export function fit(words, text) {
  const wanted = words.toLowerCase().replaceAll(/\s+/g, '');
  const from = text.toLowerCase();
  let score = 1;
  let at = -1;
  for (const letter of wanted) {
    const begins = nextBeginning(from, letter, at + 1);
    const next =
      from[at + 1] === letter ? at + 1 : begins >= 0 ? begins : from.indexOf(letter, at + 1);
    if (next < 0) return 0;
    score += next === at + 1 ? 8 : next === begins ? 6 : 1;
    at = next;
  }
  return score - from.length / 100;
}

function nextBeginning(text, letter, from) {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === letter && (at === 0 || /[\s.:(]/.test(text[at - 1]))) return at;
  }
  return -1;
}
