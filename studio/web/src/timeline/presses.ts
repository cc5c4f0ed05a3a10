/** What a press of the pointer begins, by what it is on, the tool and the keys that are held. */

import type { Clip, Track } from '../document/types';
import { ClipIndex, stopOf } from './clips';
import { splitClips } from './commands';
import { BlendDrag } from './drags/blend';
import { MoveDrag } from './drags/move';
import { MarkerDrag, RangeDrag } from './drags/ruler';
import { SlipDrag } from './drags/slip';
import { RollDrag, TrimDrag } from './drags/trim';
import { fresh } from './fresh';
import {
  BoxGesture,
  CarryGesture,
  lockedWords,
  OverviewGesture,
  razorFrame,
  RefusedGesture,
  ScrubGesture,
  SpanGesture,
  type Gesture,
  type Press,
  type Surface,
} from './gestures';
import type { ClipPart, Hit } from './hit';

export class Presses {
  constructor(private readonly to: Surface) {}

  begin(hit: Hit, at: Press): Gesture | null {
    const { desk } = this.to;
    const project = desk.project!;
    switch (hit.on) {
      case 'overview':
        return new OverviewGesture(this.to, at);
      case 'marker': {
        desk.selectMarker(hit.marker.id);
        const seek = (): void => desk.seek(hit.marker.frame);
        return this.#unlessReadonly(at, seek, () => {
          const drag = new MarkerDrag(project, desk.playhead, hit.marker, at);
          return new CarryGesture(this.to, drag, at, seek);
        });
      }
      case 'range':
        return this.#unlessReadonly(
          at,
          () => desk.seek(at.frame),
          () => {
            const drag = new RangeDrag(
              project,
              desk.playhead,
              project.timeline.range!,
              hit.grip,
              at,
            );
            return new CarryGesture(this.to, drag, at, () => desk.seek(at.frame));
          },
        );
      case 'ruler':
        return at.shift ? this.#newRange(at) : new ScrubGesture(this.to, at);
      case 'lane':
      case 'gap':
        return new BoxGesture(this.to, at, hit.track?.id ?? null);
      case 'seam':
        return this.#onClip(hit.clip, hit.track, 'body', at);
      case 'clip':
        return this.#onClip(hit.clip, hit.track, hit.part, at);
    }
  }

  #newRange(at: Press): Gesture {
    const { desk } = this.to;
    return this.#unlessReadonly(
      at,
      () => undefined,
      () => {
        const frame = Math.max(0, razorFrame(desk, at));
        const range = { start: frame, stop: frame };
        const from = { ...at, frame };
        return new CarryGesture(
          this.to,
          new RangeDrag(desk.project!, desk.playhead, range, 'new', from),
          at,
        );
      },
    );
  }

  #unlessReadonly(at: Press, click: () => void, make: () => Gesture): Gesture {
    const { readonly: why } = this.to.desk;
    return why ? new RefusedGesture(this.to, why, at, click) : make();
  }

  #onClip(clip: Clip, track: Track, part: ClipPart, at: Press): Gesture | null {
    const { desk } = this.to;
    const why = desk.readonly || (track.lock ? lockedWords(track) : '');
    if (desk.tool === 'razor' && !why) {
      this.#cut(clip, at);
      return null;
    }
    const choose = this.#choose(clip, track, at);
    if (why) return new RefusedGesture(this.to, why, at, choose);
    const project = desk.project!;
    if (desk.tool === 'span') return new SpanGesture(this.to, clip, at);
    if (desk.tool === 'slip') {
      return new CarryGesture(this.to, new SlipDrag(project, clip, at), at, choose);
    }
    switch (part) {
      case 'head':
      case 'tail':
        return this.#onEdge(clip, part, at, choose);
      case 'blend':
        return new CarryGesture(this.to, new BlendDrag(project, clip, at), at, choose);
      case 'body': {
        if (at.ctrl) return new CarryGesture(this.to, new SlipDrag(project, clip, at), at, choose);
        const clips = [...desk.selection];
        const drag = new MoveDrag(project, desk.playhead, clips, at, at.alt);
        const made = at.alt ? fresh(project, 'clip', clips.length) : undefined;
        return new CarryGesture(this.to, drag, at, choose, made);
      }
    }
  }

  /** Selects as the press asks; what is left for the lift, if it did not become a drag, comes back. */
  #choose(clip: Clip, track: Track, at: Press): () => void {
    const { desk } = this.to;
    const before = desk.selection;
    if (at.ctrl) {
      return () => {
        const next = new Set(before);
        if (!next.delete(clip.id)) next.add(clip.id);
        desk.select(next, track.id);
      };
    }
    if (at.shift) desk.select([...before, clip.id], track.id);
    else if (!before.has(clip.id)) desk.select([clip.id], track.id);
    else {
      desk.select(before, track.id);
      return () => desk.select([clip.id], track.id);
    }
    return () => undefined;
  }

  #onEdge(clip: Clip, edge: 'head' | 'tail', at: Press, choose: () => void): Gesture {
    const { desk } = this.to;
    const project = desk.project!;
    if (at.ctrl) {
      const index = ClipIndex.of(project);
      const placed = index.get(clip.id)!;
      const [a, b] = edge === 'head' ? [index.before(placed), clip] : [clip, index.after(placed)];
      if (a && b && stopOf(a) === b.start) {
        return new CarryGesture(
          this.to,
          new RollDrag(project, desk.playhead, a, b, at),
          at,
          choose,
        );
      }
    }
    const drag = new TrimDrag(project, desk.playhead, clip, edge, at);
    return new CarryGesture(this.to, drag, at, choose);
  }

  #cut(clip: Clip, at: Press): void {
    const { desk } = this.to;
    const project = desk.project!;
    const frame = razorFrame(desk, at);
    const all = [...ClipIndex.of(project).all].map((placed) => placed.clip.id);
    desk.edit(splitClips(project, at.shift ? all : [clip.id], frame));
  }
}
