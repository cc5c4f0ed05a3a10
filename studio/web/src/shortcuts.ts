/** Which key does what, and when the viewer may take a key at all. */

export type Command =
  | 'toggle'
  | 'stepBack'
  | 'step'
  | 'jumpBack'
  | 'jump'
  | 'toStart'
  | 'toEnd'
  | 'shuttleBack'
  | 'stop'
  | 'shuttle'
  | 'slower'
  | 'faster'
  | 'loop'
  | 'frame'
  | 'frameAll'
  | 'follow'
  | 'grid'
  | 'bones'
  | 'body'
  | 'tags'
  | 'ghosts'
  | 'trails'
  | 'onion'
  | 'path'
  | 'options'
  | 'picture'
  | 'viewFront'
  | 'viewSide'
  | 'viewTop'
  | 'help'
  | 'close';

interface Shortcut {
  readonly command: Command;
  /** What `event.key` (or, for the numpad, `event.code`) says. */
  readonly keys: readonly string[];
  readonly shift?: boolean;
  readonly shown: readonly string[];
  readonly label: string;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

export const SHORTCUTS: readonly ShortcutGroup[] = [
  {
    title: 'Playback',
    shortcuts: [
      { command: 'toggle', keys: [' '], shown: ['Space'], label: 'Play or pause' },
      {
        command: 'stepBack',
        keys: ['ArrowLeft', ','],
        shift: false,
        shown: ['←'],
        label: 'Back one frame',
      },
      {
        command: 'step',
        keys: ['ArrowRight', '.'],
        shift: false,
        shown: ['→'],
        label: 'Forward one frame',
      },
      {
        command: 'jumpBack',
        keys: ['ArrowLeft'],
        shift: true,
        shown: ['Shift', '←'],
        label: 'Back ten frames',
      },
      {
        command: 'jump',
        keys: ['ArrowRight'],
        shift: true,
        shown: ['Shift', '→'],
        label: 'Forward ten frames',
      },
      { command: 'toStart', keys: ['Home'], shown: ['Home'], label: 'To the start' },
      { command: 'toEnd', keys: ['End'], shown: ['End'], label: 'To the end' },
      {
        command: 'shuttleBack',
        keys: ['j'],
        shown: ['J'],
        label: 'Play backwards, again for faster',
      },
      { command: 'stop', keys: ['k'], shown: ['K'], label: 'Stop' },
      { command: 'shuttle', keys: ['l'], shown: ['L'], label: 'Play forwards, again for faster' },
      { command: 'slower', keys: ['<'], shown: ['<'], label: 'Slower' },
      { command: 'faster', keys: ['>'], shown: ['>'], label: 'Faster' },
      { command: 'loop', keys: ['r'], shown: ['R'], label: 'Loop' },
    ],
  },
  {
    title: 'View',
    shortcuts: [
      {
        command: 'frame',
        keys: ['f', 'NumpadDecimal'],
        shift: false,
        shown: ['F'],
        label: 'Frame the figure',
      },
      {
        command: 'frameAll',
        keys: ['f'],
        shift: true,
        shown: ['Shift', 'F'],
        label: 'Frame the whole action',
      },
      { command: 'follow', keys: ['c'], shown: ['C'], label: 'Camera follows the figure' },
      { command: 'body', keys: ['m'], shift: false, shown: ['M'], label: 'Figure' },
      { command: 'bones', keys: ['b'], shown: ['B'], label: 'Skeleton' },
      { command: 'grid', keys: ['g'], shift: false, shown: ['G'], label: 'Ground grid' },
      { command: 'viewFront', keys: ['Numpad1'], shown: ['Num 1'], label: 'From the front' },
      { command: 'viewSide', keys: ['Numpad3'], shown: ['Num 3'], label: 'From the side' },
      { command: 'viewTop', keys: ['Numpad7'], shown: ['Num 7'], label: 'From above' },
      { command: 'picture', keys: ['p'], shown: ['P'], label: 'Save a picture' },
      {
        command: 'options',
        keys: ['o'],
        shift: true,
        shown: ['Shift', 'O'],
        label: 'View options',
      },
      { command: 'help', keys: ['?'], shown: ['?'], label: 'This sheet' },
      { command: 'close', keys: ['Escape'], shown: ['Esc'], label: 'Close what is open' },
    ],
  },
  {
    title: 'Motion at a glance',
    shortcuts: [
      { command: 'trails', keys: ['t'], shown: ['T'], label: 'Motion trails' },
      { command: 'onion', keys: ['n'], shift: false, shown: ['N'], label: 'Onion skin' },
      {
        command: 'path',
        keys: ['g'],
        shift: true,
        shown: ['Shift', 'G'],
        label: 'Path on the ground',
      },
      {
        command: 'ghosts',
        keys: ['m'],
        shift: true,
        shown: ['Shift', 'M'],
        label: 'Ghosts of takes',
      },
      { command: 'tags', keys: ['n'], shift: true, shown: ['Shift', 'N'], label: 'Names' },
    ],
  },
];

/** Keys of one thing that can be done, and what that is. */
export type ShortcutRow = readonly [keys: readonly string[], label: string];

/** What the mouse does; part of the help sheet. */
export const MOUSE_HINTS: readonly ShortcutRow[] = [
  [['Click'], 'Select a character, and read out the joint'],
  [['Drag'], 'Orbit'],
  [['Right drag'], 'Pan (or Shift and drag)'],
  [['Wheel'], 'Zoom towards the pointer'],
  [['Double click'], 'Frame the figure'],
];

/** What other parts of the page told of themselves, in that order. */
const registered: Array<{ readonly title: string; readonly rows: readonly ShortcutRow[] }> = [];

/** Adds a section to the sheet that `?` opens; returns how to take it out again. */
export function registerShortcuts(title: string, rows: readonly ShortcutRow[]): () => void {
  const entry = { title, rows };
  registered.push(entry);
  return () => {
    const at = registered.indexOf(entry);
    if (at >= 0) registered.splice(at, 1);
  };
}

/** Every section of the sheet: the viewer's own, the mouse's, then what others registered. */
export function shortcutSections(): ReadonlyArray<{ title: string; rows: readonly ShortcutRow[] }> {
  const own = SHORTCUTS.map(({ title, shortcuts }) => ({
    title,
    rows: shortcuts.map(({ shown, label }): ShortcutRow => [shown, label]),
  }));
  return [...own, { title: 'Mouse', rows: MOUSE_HINTS }, ...registered];
}

const ALL = SHORTCUTS.flatMap((group) => group.shortcuts);

/** A tooltip's tail: the keys of a command. */
export function keysOf(command: Command): string {
  return ALL.find((s) => s.command === command)?.shown.join(' + ') ?? '';
}

export type Key = Pick<
  KeyboardEvent,
  'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'
>;

export function commandFor(event: Key): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  // The numpad is for views, as in Blender, whatever NumLock makes of its keys.
  const numpad = event.code.startsWith('Numpad');
  const key = numpad ? event.code : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = ALL.find(
    (s) => s.keys.includes(key) && (s.shift === undefined || s.shift === event.shiftKey),
  );
  return found?.command ?? null;
}

const EDITABLE =
  'input, textarea, select, [contenteditable]:not([contenteditable="false"]), [role="textbox"]';
const OPERABLE =
  'button, a[href], summary, [role="button"], [role="tab"], [role="option"], [role="menuitem"], [role="checkbox"], [role="radio"], [role="switch"]';
const OWN_KEYS =
  'video, audio, iframe, [role="slider"], [role="listbox"], [role="tablist"], [role="menu"], [role="tree"], [role="grid"], [role="dialog"]';

const ACTIVATES = new Set([' ', 'Enter']);
const NAVIGATES = new Set([
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'Home',
  'End',
  'Escape',
]);

/**
 * Whether the viewer may act on a key. Never while something is being typed or operated with it:
 * keys belong to the focused element first.
 *
 * @param target the innermost element that has the focus
 * @param inside whether that element is part of this viewer
 */
export function mayTake(target: Element | null, inside: boolean, key: string): boolean {
  if (!target || target === document.body || target === document.documentElement) return true;
  if (target.closest(EDITABLE)) return false;
  if (target.closest(OPERABLE)) return !ACTIVATES.has(key) && (inside || !NAVIGATES.has(key));
  return inside || !target.closest(OWN_KEYS);
}

/** Of several viewers on a page, the one used last answers keys that none of them has focused. */
let current: object | null = null;

/** Listens for the document's keys on behalf of `viewer`; returns how to stop. */
export function listen(
  root: HTMLElement,
  viewer: object,
  act: (command: Command) => boolean,
): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  current ??= viewer;
  const use = (): void => {
    current = viewer;
  };
  root.addEventListener('pointerdown', use, { signal });
  root.addEventListener('focusin', use, { signal });
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const path = event.composedPath();
    const inside = path.includes(root);
    if (!inside && current !== viewer) return;
    const target = path[0] instanceof Element ? path[0] : null;
    if (!mayTake(target, inside, event.key)) return;
    const command = commandFor(event);
    if (command && act(command)) event.preventDefault();
  };
  document.addEventListener('keydown', onKey, { signal });
  return () => {
    abort.abort();
    if (current === viewer) current = null;
  };
}
