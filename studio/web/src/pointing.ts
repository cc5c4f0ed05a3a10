/** Clicks and hovers on the picture, told apart from the drags that turn the camera. */

/** Pixels a hand may move between press and release of a click. */
const STEADY = 4;

export interface PointingActions {
  /** CSS pixels from the top left of the picture. */
  click(x: number, y: number): void;
  /** The same while no button is down; called once a picture at most. */
  hover(x: number, y: number): void;
  /** The pointer left, or began to drag. */
  leave(): void;
}

/** Listens on `surface` until `signal` aborts. */
export function pointAt(surface: HTMLElement, signal: AbortSignal, act: PointingActions): void {
  let pressed: { x: number; y: number; id: number } | null = null;
  let waiting = 0;
  const place = (event: PointerEvent): [number, number] => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const stop = (): void => {
    cancelAnimationFrame(waiting);
    waiting = 0;
  };
  const on = (
    type: 'pointerdown' | 'pointermove' | 'pointerup',
    listen: (e: PointerEvent) => void,
  ) => surface.addEventListener(type, listen, { signal });

  on('pointerdown', (event) => {
    pressed =
      event.button === 0 && event.isPrimary
        ? { x: event.clientX, y: event.clientY, id: event.pointerId }
        : null;
  });
  on('pointermove', (event) => {
    if (event.buttons !== 0) {
      if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STEADY) {
        pressed = null;
      }
      stop();
      if (!pressed) act.leave();
      return;
    }
    if (event.pointerType === 'touch') return;
    stop();
    waiting = requestAnimationFrame(() => {
      waiting = 0;
      act.hover(...place(event));
    });
  });
  on('pointerup', (event) => {
    if (pressed?.id === event.pointerId && event.button === 0) act.click(...place(event));
    pressed = null;
  });
  surface.addEventListener(
    'pointerleave',
    () => {
      stop();
      act.leave();
    },
    { signal },
  );
  signal.addEventListener('abort', stop);
}
