// The project as the studio last told it, for panels whose own view is only a part of it.

let now = null;
const listeners = new Set();

export function project() {
  return now;
}

/** Told by the timeline's panel, which hears of every change. */
export function setProject(next) {
  now = next;
  for (const listener of listeners) listener();
}

export function onProject(listener) {
  listeners.add(listener);
}

/** Where a clip stands; answered by the timeline's panel, which has the motion. */
let pinning = () => null;

/** The placement that pins a clip to where it stands; null where it does not play. */
export function pinned(clip) {
  return pinning(clip);
}

export function setPinning(answer) {
  pinning = answer;
}

/** Free ids of a kind, as `studio/document/placing.py` counts them. */
export function freshId(kind, taken) {
  const numbers = taken.map((id) => Number(new RegExp(`^${kind}-(\\d{1,9})$`).exec(id)?.[1] ?? 0));
  return `${kind}-${Math.max(0, ...numbers) + 1}`;
}

/** Of figures in the order in which they come; a colour that nobody has yet is taken first. */
const COLORS = ['#5b9dd9', '#d08a5f', '#6fa39a', '#a08cc4', '#b9a55c', '#c27a92', '#7fae5c'];

/** Someone new beside the others, with a track of their own: one step of undo. */
export function newCharacter({ characters, timeline }) {
  const number = characters.length + 1;
  const used = new Set(characters.map(({ color }) => color));
  const character = {
    id: freshId(
      'character',
      characters.map(({ id }) => id),
    ),
    name: `Character ${number}`,
    color: COLORS.find((color) => !used.has(color)) ?? COLORS[characters.length % COLORS.length],
    placement: { x: 1.2 * characters.length, z: 0, turn: 0, pinned: true },
  };
  const track = {
    id: freshId(
      'track',
      timeline.tracks.map(({ id }) => id),
    ),
    name: `Track ${timeline.tracks.length + 1}`,
    character: character.id,
    clips: [],
    mute: false,
    solo: false,
    lock: false,
  };
  return {
    label: 'Add a character',
    commands: [
      { kind: 'add_character', character },
      { kind: 'add_track', track, index: null },
    ],
  };
}
