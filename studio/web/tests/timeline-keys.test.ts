import { describe, expect, it } from 'vitest';

import { timelineCommandFor, timelineKeysOf, TIMELINE_SHORTCUTS } from '../src/timeline/keys';

type Modifier = 'ctrl' | 'shift' | 'alt' | 'meta';

function press(key: string, ...held: Modifier[]): ReturnType<typeof timelineCommandFor> {
  return timelineCommandFor({
    key,
    code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
    shiftKey: held.includes('shift'),
    ctrlKey: held.includes('ctrl'),
    metaKey: held.includes('meta'),
    altKey: held.includes('alt'),
  });
}

describe('the timeline’s keys', () => {
  it('are those of other editors', () => {
    expect(press('s')).toBe('split');
    expect(press('Delete')).toBe('delete');
    expect(press('Backspace')).toBe('delete');
    expect(press('Delete', 'shift')).toBe('rippleDelete');
    expect(press('z', 'ctrl')).toBe('undo');
    expect(press('Z', 'ctrl', 'shift')).toBe('redo');
    expect(press('y', 'ctrl')).toBe('redo');
    expect(press('z', 'meta')).toBe('undo');
    expect(press('c', 'ctrl')).toBe('copy');
    expect(press('c')).toBe('toolRazor');
    expect(press('b')).toBe('toolRazor');
    expect(press('a')).toBe('toolSelect');
    expect(press('a', 'ctrl')).toBe('selectAll');
    expect(press('A', 'ctrl', 'shift')).toBe('selectNone');
    expect(press('m')).toBe('marker');
    expect(press('i')).toBe('rangeIn');
    expect(press('o')).toBe('rangeOut');
    expect(press('+')).toBe('zoomIn');
    expect(press('-')).toBe('zoomOut');
  });

  it('nudge with Alt and arrows, or with comma and full stop', () => {
    expect(press('ArrowLeft', 'alt')).toBe('nudgeBack');
    expect(press('ArrowRight', 'alt', 'shift')).toBe('nudgeFar');
    expect(press(',')).toBe('nudgeBack');
    expect(press('.')).toBe('nudge');
  });

  it('know letters that Alt turns into others', () => {
    const event = { key: '≈', code: 'KeyX', altKey: true };
    const none = { shiftKey: false, ctrlKey: false, metaKey: false };
    expect(timelineCommandFor({ ...event, ...none })).toBe('rangeClear');
  });

  it('leave to the viewer what is the viewer’s', () => {
    for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'j', 'k', 'l', ' ', '?', 'g']) {
      expect(press(key), key).toBeNull();
    }
    expect(press('r', 'ctrl')).toBeNull();
    expect(press('t', 'ctrl')).toBeNull();
  });

  it('reach every entry of the sheet by what it shows, each by its own', () => {
    const names: Record<string, string> = { Del: 'Delete', Esc: 'Escape', '←': 'ArrowLeft' };
    Object.assign(names, { '→': 'ArrowRight', '↑': 'ArrowUp', '↓': 'ArrowDown', '−': '-' });
    for (const { shortcuts } of TIMELINE_SHORTCUTS) {
      for (const { command, shown } of shortcuts) {
        const held = shown.slice(0, -1).map((key) => key.toLowerCase() as Modifier);
        const last = shown.at(-1)!;
        const key = names[last] ?? (last.length === 1 ? last.toLowerCase() : last);
        expect(press(key, ...held), shown.join('+')).toBe(command);
        expect(timelineKeysOf(command)).toBe(shown.join(' + '));
      }
    }
  });
});
