/** Words and numbers that are asked for where they belong, and what is done with them. */

import type { Clip, Range, Track } from '../document/types';
import { ClipIndex, stopOf } from './clips';
import { forClips } from './commands';
import type { Desk } from './desk';
import type { Field, FieldOptions } from './dom/field';
import { clipBox } from './paint/picture';
import { RULER_HEIGHT } from './rows';

export class Questions {
  /** @param focus gives the timeline the keys back */
  constructor(
    private readonly desk: Desk,
    private readonly field: Field,
    private readonly focus: () => void,
  ) {}

  renameClip(clip: Clip): void {
    const { desk } = this;
    const chosen = desk.selection.has(clip.id) ? [...desk.selection] : [clip.id];
    this.#ask(clip, {
      label: 'Clip name',
      value: clip.name,
      accept: (name) => name !== clip.name && this.#rename(chosen, name),
    });
  }

  renameMarker(id: string): void {
    const { desk } = this;
    const marker = desk.project?.timeline.markers.find((each) => each.id === id);
    if (!marker) return;
    this.field.ask(
      {
        label: 'Marker name',
        value: marker.name,
        accept: (name) =>
          desk.do('Rename marker', { kind: 'set_marker', marker: { ...marker, name } }),
        done: this.focus,
      },
      { left: desk.scale.x(marker.frame) + 8, top: 2, width: 160 },
    );
  }

  /** `done` is called however it ends. */
  askSpan(clip: Clip, span: Range, done: () => void): void {
    this.#ask(clip, {
      label: 'What happens in this span',
      hint: 'What happens here (may stay empty)',
      value: clip.provenance?.prompt ?? '',
      action: 'Make anew',
      empty: true,
      accept: (text) => this.desk.host.regenerate({ clip: clip.id, span, text }),
      done,
    });
  }

  askRegenerate(clip: Clip): void {
    this.#ask(clip, {
      label: 'What happens in this clip',
      hint: 'What happens here (may stay empty)',
      value: clip.provenance?.prompt ?? '',
      action: 'Make anew',
      empty: true,
      accept: (text) => this.desk.host.regenerate({ clip: clip.id, span: null, text }),
    });
  }

  askCarryOn(clip: Clip): void {
    this.#ask(clip, {
      label: 'What happens next',
      hint: 'What happens next (may stay empty)',
      action: 'Continue',
      empty: true,
      accept: (text) => this.desk.host.carryOn({ clip: clip.id, text }),
    });
  }

  askFill(before: Clip, after: Clip, track: Track, prepare = (): boolean => true): void {
    const { desk } = this;
    const now = ClipIndex.of(desk.project!);
    const start = stopOf(now.get(before.id)?.clip ?? before);
    const stop = now.get(after.id)?.clip.start ?? after.start;
    const row = desk.project!.timeline.tracks.findIndex(({ id }) => id === track.id);
    this.#askAt({ start, stop: Math.max(stop, start + 1) }, row, {
      label: 'What happens in the gap',
      hint: 'What happens between (may stay empty)',
      action: 'Fill',
      empty: true,
      accept: (text) => prepare() && desk.host.fill({ before: before.id, after: after.id, text }),
    });
  }

  askNumber(
    clip: Clip,
    label: string,
    value: number,
    limits: { min: number; max: number; step: number },
    accept: (value: number) => void,
  ): void {
    this.#ask(clip, {
      label,
      value: String(value),
      number: limits,
      accept: (text) => accept(Number(text)),
    });
  }

  #ask(clip: Clip, options: FieldOptions): void {
    const placed = this.desk.project && ClipIndex.of(this.desk.project).get(clip.id);
    if (placed) this.#askAt({ start: clip.start, stop: stopOf(clip) }, placed.row, options);
  }

  #askAt(span: Range, row: number, options: FieldOptions): void {
    const { desk } = this;
    const box = clipBox({ start: span.start, frames: span.stop - span.start }, row, desk);
    const done = (): void => {
      options.done?.();
      this.focus();
    };
    const place = {
      left: Math.max(0, box.x),
      top: Math.max(RULER_HEIGHT, box.y),
      width: box.width,
    };
    this.field.ask({ ...options, done }, place);
  }

  #rename(clips: readonly string[], name: string): void {
    const edit = forClips(this.desk.project!, clips, 'Rename', (target) => ({
      kind: 'rename_clip',
      target,
      name,
    }));
    this.desk.edit(edit);
  }
}
