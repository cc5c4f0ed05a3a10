/** Which key does what while the timeline is in use. */

import type { Key } from '../shortcuts';

export type TimelineCommand =
  | 'toolSelect'
  | 'toolRazor'
  | 'toolSlip'
  | 'toolSpan'
  | 'split'
  | 'trimHead'
  | 'trimTail'
  | 'delete'
  | 'rippleDelete'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'duplicate'
  | 'enable'
  | 'rename'
  | 'selectAll'
  | 'selectNone'
  | 'undo'
  | 'redo'
  | 'nudgeBack'
  | 'nudge'
  | 'nudgeBackFar'
  | 'nudgeFar'
  | 'previousClip'
  | 'nextClip'
  | 'previousEdge'
  | 'nextEdge'
  | 'marker'
  | 'rangeIn'
  | 'rangeOut'
  | 'rangeToSelection'
  | 'rangeClear'
  | 'zoomIn'
  | 'zoomOut'
  | 'fitSelection'
  | 'fitAll'
  | 'snapping'
  | 'ripple'
  | 'unit'
  | 'escape';

export interface TimelineShortcut {
  readonly command: TimelineCommand;
  /** What `event.key` says, letters in lower case; or `event.code` where Alt makes other letters. */
  readonly keys: readonly string[];
  readonly ctrl?: boolean;
  readonly shift?: boolean;
  readonly alt?: boolean;
  readonly shown: readonly string[];
  readonly label: string;
}

export interface TimelineShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly TimelineShortcut[];
}

/** For the sheet of shortcuts, in its order. Shift is ignored where it is not given. */
export const TIMELINE_SHORTCUTS: readonly TimelineShortcutGroup[] = [
  {
    title: 'Timeline: edit',
    shortcuts: [
      { command: 'split', keys: ['s'], shift: false, shown: ['S'], label: 'Split at the playhead' },
      { command: 'trimHead', keys: ['['], shown: ['['], label: 'Trim the head to the playhead' },
      { command: 'trimTail', keys: [']'], shown: [']'], label: 'Trim the tail to the playhead' },
      {
        command: 'delete',
        keys: ['Delete', 'Backspace'],
        shift: false,
        shown: ['Del'],
        label: 'Delete',
      },
      {
        command: 'rippleDelete',
        keys: ['Delete', 'Backspace'],
        shift: true,
        shown: ['Shift', 'Del'],
        label: 'Delete and close up',
      },
      { command: 'copy', keys: ['c'], ctrl: true, shown: ['Ctrl', 'C'], label: 'Copy' },
      { command: 'cut', keys: ['x'], ctrl: true, shown: ['Ctrl', 'X'], label: 'Cut' },
      {
        command: 'paste',
        keys: ['v'],
        ctrl: true,
        shown: ['Ctrl', 'V'],
        label: 'Paste at the playhead',
      },
      { command: 'duplicate', keys: ['d'], ctrl: true, shown: ['Ctrl', 'D'], label: 'Duplicate' },
      {
        command: 'nudgeBack',
        keys: [',', 'ArrowLeft'],
        alt: true,
        shift: false,
        shown: ['Alt', '←'],
        label: 'Move one frame earlier (or ,)',
      },
      {
        command: 'nudge',
        keys: ['.', 'ArrowRight'],
        alt: true,
        shift: false,
        shown: ['Alt', '→'],
        label: 'Move one frame later (or .)',
      },
      {
        command: 'nudgeBackFar',
        keys: ['ArrowLeft'],
        alt: true,
        shift: true,
        shown: ['Alt', 'Shift', '←'],
        label: 'Ten frames earlier',
      },
      {
        command: 'nudgeFar',
        keys: ['ArrowRight'],
        alt: true,
        shift: true,
        shown: ['Alt', 'Shift', '→'],
        label: 'Ten frames later',
      },
      { command: 'enable', keys: ['d'], shown: ['D'], label: 'Disable or enable' },
      { command: 'rename', keys: ['F2'], shown: ['F2'], label: 'Rename' },
      {
        command: 'undo',
        keys: ['z'],
        ctrl: true,
        shift: false,
        shown: ['Ctrl', 'Z'],
        label: 'Undo',
      },
      {
        command: 'redo',
        keys: ['z'],
        ctrl: true,
        shift: true,
        shown: ['Ctrl', 'Shift', 'Z'],
        label: 'Redo',
      },
    ],
  },
  {
    title: 'Timeline: choose and look',
    shortcuts: [
      { command: 'toolSelect', keys: ['v', 'a'], shown: ['V'], label: 'Select and move' },
      { command: 'toolRazor', keys: ['b', 'c'], shown: ['B'], label: 'Razor' },
      { command: 'toolSlip', keys: ['y'], shown: ['Y'], label: 'Slip the media in its clip' },
      {
        command: 'toolSpan',
        keys: ['r'],
        shift: false,
        shown: ['R'],
        label: 'Mark a span to make anew',
      },
      { command: 'snapping', keys: ['n'], shown: ['N'], label: 'Snapping' },
      { command: 'ripple', keys: ['r'], shift: true, shown: ['Shift', 'R'], label: 'Ripple' },
      { command: 'unit', keys: ['t'], shown: ['T'], label: 'Frames or seconds' },
      { command: 'selectAll', keys: ['a'], ctrl: true, shown: ['Ctrl', 'A'], label: 'Select all' },
      {
        command: 'previousClip',
        keys: ['ArrowLeft'],
        ctrl: true,
        shown: ['Ctrl', '←'],
        label: 'Select the clip before',
      },
      {
        command: 'nextClip',
        keys: ['ArrowRight'],
        ctrl: true,
        shown: ['Ctrl', '→'],
        label: 'Select the clip after',
      },
      {
        command: 'previousEdge',
        keys: ['ArrowUp'],
        shown: ['↑'],
        label: 'Playhead to the edge before',
      },
      {
        command: 'nextEdge',
        keys: ['ArrowDown'],
        shown: ['↓'],
        label: 'Playhead to the next edge',
      },
      { command: 'marker', keys: ['m'], shown: ['M'], label: 'Add a marker' },
      { command: 'rangeIn', keys: ['i'], shown: ['I'], label: 'Range begins here' },
      { command: 'rangeOut', keys: ['o'], shown: ['O'], label: 'Range ends here' },
      {
        command: 'rangeToSelection',
        keys: ['x'],
        shown: ['X'],
        label: 'Range around the selection',
      },
      {
        command: 'rangeClear',
        keys: ['x', 'KeyX'],
        alt: true,
        shown: ['Alt', 'X'],
        label: 'No range',
      },
      { command: 'zoomIn', keys: ['+', '=', 'NumpadAdd'], shown: ['+'], label: 'Closer' },
      { command: 'zoomOut', keys: ['-', '_', 'NumpadSubtract'], shown: ['−'], label: 'Further' },
      {
        command: 'fitSelection',
        keys: ['f'],
        shift: false,
        shown: ['F'],
        label: 'Show the selection, or all',
      },
      {
        command: 'fitAll',
        keys: ['f', 'z'],
        shift: true,
        shown: ['Shift', 'F'],
        label: 'Show all',
      },
      { command: 'escape', keys: ['Escape'], shown: ['Esc'], label: 'Leave what is under way' },
    ],
  },
];

/** Aliases that the sheet does not list. */
const ALSO: readonly TimelineShortcut[] = [
  { command: 'nudgeBack', keys: [','], shift: false, shown: [], label: '' },
  { command: 'nudge', keys: ['.'], shift: false, shown: [], label: '' },
  { command: 'nudgeBackFar', keys: ['<'], shown: [], label: '' },
  { command: 'nudgeFar', keys: ['>'], shown: [], label: '' },
  { command: 'redo', keys: ['y'], ctrl: true, shown: [], label: '' },
  { command: 'selectNone', keys: ['a'], ctrl: true, shift: true, shown: [], label: '' },
];

/** What the mouse does; part of the same sheet. */
export const TIMELINE_MOUSE_HINTS: ReadonlyArray<
  readonly [keys: readonly string[], label: string]
> = [
  [['Alt', 'drag'], 'Carry a copy'],
  [['drag', 'Alt'], 'No snapping as long as it is held'],
  [['Ctrl', 'drag'], 'Slip the media; at a cut: roll it'],
  [['Ctrl', 'wheel'], 'Zoom around the pointer'],
  [['Wheel'], 'Move along; with Shift between tracks'],
  [['Space', 'drag'], 'Move along (or middle drag)'],
  [['Shift', 'drag'], 'In the ruler: mark a range'],
];

const ALL = [
  ...ALSO.filter((each) => each.command === 'selectNone'),
  ...TIMELINE_SHORTCUTS.flatMap((group) => group.shortcuts),
  ...ALSO,
];

/** A tooltip's tail: the keys of a command. */
export function timelineKeysOf(command: TimelineCommand): string {
  return ALL.find((s) => s.command === command && s.shown.length > 0)?.shown.join(' + ') ?? '';
}

export function timelineCommandFor(event: Key): TimelineCommand | null {
  const ctrl = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = ALL.find(
    (s) =>
      (s.keys.includes(key) || s.keys.includes(event.code)) &&
      (s.ctrl ?? false) === ctrl &&
      (s.alt ?? false) === event.altKey &&
      (s.shift === undefined || s.shift === event.shiftKey),
  );
  return found?.command ?? null;
}
