// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';

import { HelpSheet } from '../src/overlay/help';
import {
  SHORTCUTS,
  commandFor,
  keysOf,
  listen,
  mayTake,
  registerShortcuts,
  type Command,
  type Key,
} from '../src/shortcuts';

const key = (k: string, more: Partial<Key> = {}): Key => ({
  key: k,
  code: '',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

describe('commandFor', () => {
  it.each<[Key, Command | null]>([
    [key(' '), 'toggle'],
    [key('ArrowLeft'), 'stepBack'],
    [key('ArrowRight', { shiftKey: true }), 'jump'],
    [key('Home'), 'toStart'],
    [key('End'), 'toEnd'],
    [key('j'), 'shuttleBack'],
    [key('k'), 'stop'],
    [key('L', { shiftKey: true }), 'shuttle'],
    [key('f'), 'frame'],
    [key('F', { shiftKey: true }), 'frameAll'],
    [key('?', { shiftKey: true }), 'help'],
    [key('>', { shiftKey: true }), 'faster'],
    [key('.'), 'step'],
    [key('1', { code: 'Numpad1' }), 'viewFront'],
    [key('End', { code: 'Numpad1' }), 'viewFront'],
    [key('1', { code: 'Digit1' }), null],
    [key('z', { ctrlKey: true }), null],
    [key('f', { metaKey: true }), null],
    [key('x'), null],
    [key('g'), 'grid'],
    [key('G', { shiftKey: true }), 'path'],
    [key('n'), 'onion'],
    [key('N', { shiftKey: true }), 'tags'],
    [key('m'), 'body'],
    [key('M', { shiftKey: true }), 'ghosts'],
    [key('t'), 'trails'],
    [key('o'), null],
    [key('O', { shiftKey: true }), 'options'],
    [key('p'), 'picture'],
  ])('%o', (pressed, command) => expect(commandFor(pressed)).toBe(command));

  it('gives every shortcut of the help sheet a key of its own', () => {
    const keys = SHORTCUTS.flatMap((g) => g.shortcuts).flatMap((s) =>
      s.keys.flatMap((k) =>
        s.shift === undefined ? [`${k}:true`, `${k}:false`] : [`${k}:${s.shift}`],
      ),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keysOf('frameAll')).toBe('Shift + F');
  });
});

describe('registerShortcuts', () => {
  const sheet = (): string[] => {
    const help = new HelpSheet();
    help.toggle(true);
    return [...help.element.querySelectorAll('h3, dt, dd')].map((e) => e.textContent);
  };

  it('adds a section to the sheet until it is taken out', () => {
    const before = sheet();
    const stop = registerShortcuts('Timeline', [[['Ctrl', 'Z'], 'Undo']]);
    expect(sheet()).toEqual([...before, 'Timeline', 'CtrlZ', 'Undo']);
    stop();
    stop();
    expect(sheet()).toEqual(before);
  });

  it('shows every key of the viewer', () => {
    const shown = sheet();
    for (const { shortcuts } of SHORTCUTS) {
      for (const { label } of shortcuts) expect(shown).toContain(label);
    }
  });
});

describe('mayTake', () => {
  const made = (html: string): Element => {
    document.body.innerHTML = html;
    return document.body.querySelector('[data-here]') ?? document.body.firstElementChild!;
  };

  it('takes keys when nothing is focused', () => {
    expect(mayTake(null, false, ' ')).toBe(true);
    expect(mayTake(document.body, false, 'f')).toBe(true);
  });

  it.each([
    '<textarea></textarea>',
    '<input type="text">',
    '<input type="number">',
    '<select></select>',
    '<div contenteditable="true"><b data-here>word</b></div>',
    '<div role="textbox"></div>',
  ])('never takes a key from %s', (html) => {
    const target = made(html);
    for (const k of [' ', 'f', 'j', 'ArrowLeft', 'Home', '?']) {
      expect(mayTake(target, false, k)).toBe(false);
      expect(mayTake(target, true, k)).toBe(false);
    }
  });

  it('leaves a focused button its Space and Enter', () => {
    const inner = made('<button><i data-here></i></button>');
    expect(mayTake(inner, true, ' ')).toBe(false);
    expect(mayTake(inner, false, ' ')).toBe(false);
    expect(mayTake(inner, true, 'ArrowLeft')).toBe(true);
    expect(mayTake(inner, false, 'ArrowLeft')).toBe(false);
    expect(mayTake(inner, false, 'f')).toBe(true);
  });

  it('leaves sliders and lists elsewhere alone, its own scrubber not', () => {
    const slider = made('<div role="slider" tabindex="0"></div>');
    expect(mayTake(slider, false, 'ArrowLeft')).toBe(false);
    expect(mayTake(slider, true, 'ArrowLeft')).toBe(true);
  });
});

describe('listen', () => {
  const stops: Array<() => void> = [];
  afterEach(() => stops.splice(0).forEach((stop) => stop()));

  function viewer(): { root: HTMLElement; heard: Command[] } {
    const root = document.createElement('div');
    root.tabIndex = 0;
    document.body.append(root);
    const heard: Command[] = [];
    stops.push(listen(root, root, (command) => heard.push(command) > 0));
    return { root, heard };
  }

  const press = (target: EventTarget, k: string): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', {
      key: k,
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    target.dispatchEvent(event);
    return event;
  };

  it('acts once, on the viewer used last', () => {
    const [a, b] = [viewer(), viewer()];
    press(document.body, 'f');
    expect([a.heard, b.heard]).toEqual([['frame'], []]);
    b.root.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    press(document.body, 'g');
    press(a.root, 'b');
    expect([a.heard, b.heard]).toEqual([['frame', 'bones'], ['grid']]);
  });

  it('keeps the page from scrolling only with keys that it used', () => {
    const { root } = viewer();
    expect(press(root, ' ').defaultPrevented).toBe(true);
    expect(press(root, 'x').defaultPrevented).toBe(false);
  });

  it('leaves keys alone that others have taken, and all keys once it stopped', () => {
    const { root, heard } = viewer();
    const taken = (event: Event): void => event.preventDefault();
    root.addEventListener('keydown', taken);
    press(root, 'f');
    root.removeEventListener('keydown', taken);
    stops.pop()!();
    press(root, 'f');
    expect(heard).toEqual([]);
  });
});
