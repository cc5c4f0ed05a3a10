// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { DEFAULT_VIEW } from '../src/api';
import { OptionsPanel } from '../src/overlay/options';
import { pictureName } from '../src/pictures';
import { keepView, recallView } from '../src/remember';

describe('view options', () => {
  beforeEach(() => localStorage.clear());

  it('come back as they were kept', () => {
    expect(recallView()).toEqual({});
    const chosen = { ...DEFAULT_VIEW, trails: true, onionStep: 5, trailParts: ['head'] as const };
    keepView(chosen);
    expect({ ...DEFAULT_VIEW, ...recallView() }).toEqual(chosen);
  });

  it('are left out where they are the defaults, so that these may change', () => {
    keepView(DEFAULT_VIEW);
    expect(Object.values(localStorage)).toEqual(['{}']);
  });

  it('leave out what makes no sense', () => {
    keepView({ ...DEFAULT_VIEW, trails: true });
    const [key] = Object.keys(localStorage);
    for (const kept of ['no JSON', '[]', 'null', '7', '{"trails":"yes"}', '{"onionStep":-4}']) {
      localStorage.setItem(key, kept);
      expect(recallView()).toEqual({});
    }
    localStorage.setItem(key, '{"grid":false,"autoplay":true,"trailParts":["tail"]}');
    expect(recallView()).toEqual({ grid: false });
  });

  it('do without a storage that refuses', () => {
    const refusing = {
      getItem: () => {
        throw new Error('forbidden');
      },
    } as unknown as Storage;
    expect(recallView(refusing)).toEqual({});
    expect(recallView(null)).toEqual({});
    expect(() => keepView(DEFAULT_VIEW, null)).not.toThrow();
  });
});

describe('OptionsPanel', () => {
  function panel(): { made: OptionsPanel; run: unknown[]; chosen: unknown[] } {
    const [run, chosen]: unknown[][] = [[], []];
    const made = new OptionsPanel({
      run: (command) => run.push(command),
      choose: (options) => chosen.push(options),
    });
    made.show(DEFAULT_VIEW);
    return { made, run, chosen };
  }

  it('runs the command of a switch, and shows whether it is on', () => {
    const { made, run } = panel();
    const trails = made.element.querySelector<HTMLElement>('[data-option=trails]')!;
    expect(trails.getAttribute('aria-checked')).toBe('false');
    expect(trails.title).toContain('(T)');
    trails.click();
    expect(run).toEqual(['trails']);
    made.show({ ...DEFAULT_VIEW, trails: true });
    expect(trails.getAttribute('aria-checked')).toBe('true');
  });

  it('adds and takes away parts in their order', () => {
    const { made, chosen } = panel();
    made.element.querySelector<HTMLElement>('[data-part=head]')!.click();
    made.element.querySelector<HTMLElement>('[data-part=hips]')!.click();
    expect(chosen).toEqual([
      { trailParts: ['head', 'hands', 'hips', 'feet'], trails: true },
      { trailParts: ['hands', 'feet'], trails: true },
    ]);
  });

  it('keeps numbers within their limits, and ignores what is none', () => {
    const { made, chosen } = panel();
    const type = (name: string, value: string): void => {
      const input = made.element.querySelector<HTMLInputElement>(`input[data-option=${name}]`)!;
      input.value = value;
      input.dispatchEvent(new Event('input'));
    };
    type('onionStep', '0');
    type('onionStep', '7.4');
    type('onionStep', '');
    type('trailPast', '2.5');
    type('trailFuture', '99');
    expect(chosen).toEqual([
      { onionStep: 1 },
      { onionStep: 7 },
      { trailPast: 2.5 },
      { trailFuture: 10 },
    ]);
  });

  it('goes back to the defaults', () => {
    const { made, chosen } = panel();
    [...made.element.querySelectorAll('button')].at(-1)!.click();
    expect(chosen).toEqual([DEFAULT_VIEW]);
  });
});

describe('pictureName', () => {
  it.each<[string[], number, string]>([
    [['Ada', 'Ben'], 96.7, 'ada-ben-frame-0096.png'],
    [['Walk / run: fast!'], 3, 'walk-run-fast-frame-0003.png'],
    [['Ünder 2'], 12345, 'ünder-2-frame-12345.png'],
    [[], 0, 'motion-frame-0000.png'],
    [['…'], -1, 'motion-frame-0000.png'],
    [['a', 'b', 'c', 'd'], 1, 'a-b-c-frame-0001.png'],
  ])('%j at %f is %s', (names, frame, wanted) => expect(pictureName(names, frame)).toBe(wanted));
});

describe('names over figures', () => {
  it('are stacked where they would cover each other', async () => {
    const { Tag, stack } = await import('../src/overlay/tags');
    const tag = (x: number, y: number): InstanceType<typeof Tag> => {
      const made = new Tag('name', document.createElement('span'));
      vi.spyOn(made, 'width', 'get').mockReturnValue(60);
      [made.x, made.y, made.shown] = [x, y, true];
      return made;
    };
    const tags = [tag(100, 200), tag(130, 205), tag(400, 200), tag(120, 190), tag(101, 199)];
    stack(tags);
    const boxes = tags.map(({ x, y }) => [x - 30, x + 30, y - 20, y]);
    boxes.forEach(([l, r, t, b], i) =>
      boxes.slice(0, i).forEach(([l2, r2, t2, b2]) => {
        expect(r <= l2 || r2 <= l || b <= t2 || b2 <= t).toBe(true);
      }),
    );
    expect([tags[0].y, tags[2].y]).toEqual([200, 200]);
  });
});
