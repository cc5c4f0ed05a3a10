/** The translucent copies of every kind of body on the stage. */

import { Group, type Object3D } from 'three';

import type { Body } from './body';
import { CapsuleBody } from './capsules';
import { Echoes, type EchoLook } from './echoes';
import type { Motion } from './motion';
import { sameSkeleton } from './same_skeleton';
import { CharacterMismatch, SkinnedBody, type CharacterLibrary } from './skinned';

interface Kind {
  readonly figureUrl: string | null;
  readonly motion: Motion;
  /** Motions that were found to have its skeleton. */
  readonly known: WeakSet<Motion>;
  /** Null until the character has arrived. */
  echoes: Echoes | null;
  used: boolean;
}

/** Kinds that are kept although nothing shows them at the moment. */
const SPARE = 4;

export class EchoPool {
  readonly object = new Group();
  #kinds: Kind[] = [];
  #disposed = false;

  /** @param changed called when a body has arrived whose copies were asked for. */
  constructor(
    private readonly library: CharacterLibrary,
    private readonly changed: () => void,
  ) {}

  begin(): void {
    for (const kind of this.#kinds) {
      kind.echoes?.begin();
      kind.used = false;
    }
  }

  /** Shows a figure in the pose of `motion` at its own `frame`, moved by (x, z) metres. */
  add(
    figureUrl: string | null,
    motion: Motion,
    frame: number,
    x: number,
    z: number,
    look: EchoLook,
  ): void {
    const kind = this.#kindOf(figureUrl, motion);
    kind.used = true;
    kind.echoes?.add(motion, frame, x, z, look);
  }

  end(): void {
    for (const kind of this.#kinds) kind.echoes?.end();
    if (this.#kinds.length > SPARE) this.#tidy();
  }

  #tidy(): void {
    for (const { used, echoes } of this.#kinds) if (!used) echoes?.dispose();
    this.#kinds = this.#kinds.filter(({ used }) => used);
  }

  #kindOf(figureUrl: string | null, motion: Motion): Kind {
    for (const kind of this.#kinds) {
      if (kind.figureUrl !== figureUrl) continue;
      if (kind.known.has(motion)) return kind;
      if (!sameSkeleton(kind.motion, motion)) continue;
      kind.known.add(motion);
      return kind;
    }
    const known = new WeakSet([motion]);
    const kind: Kind = { figureUrl, motion, known, echoes: null, used: true };
    this.#kinds.push(kind);
    this.#fill(kind);
    return kind;
  }

  #fill(kind: Kind): void {
    const { figureUrl, motion } = kind;
    if (!figureUrl) return this.#arrived(kind, new CapsuleBody(motion));
    const ready = this.library.ready(figureUrl);
    if (ready) return this.#arrived(kind, bodyFrom(ready, motion));
    const late = (body: Body): void => {
      if (this.#disposed || !this.#kinds.includes(kind)) return body.dispose();
      this.#arrived(kind, body);
      this.changed();
    };
    this.library.load(figureUrl).then(
      (source) => late(bodyFrom(source, motion)),
      () => late(new CapsuleBody(motion)),
    );
  }

  #arrived(kind: Kind, body: Body): void {
    kind.echoes = new Echoes(body, kind.motion);
    kind.echoes.begin();
    this.object.add(kind.echoes.object);
  }

  dispose(): void {
    this.#disposed = true;
    for (const { echoes } of this.#kinds) echoes?.dispose();
    this.#kinds = [];
    this.object.removeFromParent();
  }
}

/** Why a character does not fit is told where it is worn; its copies are plain then as well. */
function bodyFrom(source: Object3D, motion: Motion): Body {
  try {
    return new SkinnedBody(source, motion);
  } catch (error) {
    if (!(error instanceof CharacterMismatch)) throw error;
    return new CapsuleBody(motion);
  }
}
