// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';

import { Transport } from '../src/overlay/transport';

function transport(frames = 120): {
  bar: Transport;
  actions: {
    run: ReturnType<typeof vi.fn>;
    seek: ReturnType<typeof vi.fn>;
    setSpeed: ReturnType<typeof vi.fn>;
  };
} {
  const actions = { run: vi.fn(), seek: vi.fn(), setSpeed: vi.fn() };
  const bar = new Transport(actions);
  bar.set({ frames, fps: 30, range: null, contacts: null });
  document.body.append(bar.element);
  return { bar, actions };
}

const text = (bar: Transport, selector: string): string =>
  bar.element.querySelector(selector)!.textContent!;

describe('Transport', () => {
  it('shows time and frame, over length and last frame', () => {
    const { bar } = transport();
    bar.showFrame(96.7);
    expect(text(bar, '.timecode')).toBe('00:03.2 / 00:04.0');
    expect(text(bar, '.framecode')).toBe('96 / 119');
  });

  it('tells assistive technology where the playhead is', () => {
    const { bar } = transport();
    bar.showFrame(30);
    const slider = bar.element.querySelector('[role=slider]')!;
    expect(slider.getAttribute('aria-valuenow')).toBe('30');
    expect(slider.getAttribute('aria-valuemax')).toBe('119');
    expect(slider.getAttribute('aria-valuetext')).toBe('00:01.0, frame 30');
  });

  it('runs the commands of its buttons, in the order of every player', () => {
    const { bar, actions } = transport();
    bar.element.querySelectorAll<HTMLButtonElement>('.keys button').forEach((b) => b.click());
    expect(actions.run.mock.calls.flat()).toEqual([
      'toStart',
      'stepBack',
      'toggle',
      'step',
      'toEnd',
    ]);
  });

  it('names what the play button will do', () => {
    const { bar } = transport();
    const play = bar.element.querySelector('[data-command=toggle]')!;
    expect(play.getAttribute('aria-label')).toBe('Play');
    bar.showState({ playing: true, loop: true, speed: 1, shuttle: 1 });
    expect(play.getAttribute('aria-label')).toBe('Pause');
    expect(play.getAttribute('title')).toContain('Space');
  });

  it('sets the speed that was chosen', () => {
    const { bar, actions } = transport();
    const select = bar.element.querySelector('select')!;
    select.value = '0.5';
    select.dispatchEvent(new Event('change'));
    expect(actions.setSpeed).toHaveBeenCalledWith(0.5);
  });

  it('offers nothing to press without a motion', () => {
    const { bar } = transport(0);
    for (const button of bar.element.querySelectorAll('button')) expect(button.disabled).toBe(true);
    expect(text(bar, '.timecode')).toBe('00:00.0 / 00:00.0');
  });
});
