/** Fetches motions, and says in a sentence why one did not come. */

import { MotionFormatError, parseMotion, type Motion } from './motion';

/** Takes that were just looked at come back at once. */
const KEPT = 32;

/** Why a motion did not come, as a sentence for the user. */
export class LoadError extends Error {
  override readonly name = 'LoadError';

  /** @param passing whether it may come if it is asked for again. */
  constructor(
    message: string,
    readonly passing: boolean,
  ) {
    super(message);
  }
}

export class MotionLoader {
  readonly #motions = new Map<string, Promise<Motion>>();

  /** Throws {@link LoadError}. */
  load(url: string, name: string): Promise<Motion> {
    const kept = this.#motions.get(url);
    if (kept) {
      this.#motions.delete(url);
      this.#motions.set(url, kept);
      return kept;
    }
    const motion = fetchMotion(url, name);
    this.#motions.set(url, motion);
    motion.catch(() => this.#motions.delete(url));
    const oldest = this.#motions.keys().next().value;
    if (this.#motions.size > KEPT && oldest !== undefined) this.#motions.delete(oldest);
    return motion;
  }
}

/** The motion at `url`, for which `name` stands in sentences. Throws {@link LoadError}. */
export async function fetchMotion(url: string, name: string): Promise<Motion> {
  let response: Response;
  try {
    response = await fetch(new URL(url, document.baseURI));
  } catch {
    throw new LoadError(
      `“${name}” could not be fetched because the studio does not answer; check that it is running.`,
      true,
    );
  }
  if (response.status === 404) {
    throw new LoadError(
      `The motion of “${name}” is no longer on the studio; generate it again.`,
      false,
    );
  }
  if (!response.ok) {
    throw new LoadError(
      `The studio refused the motion of “${name}” (HTTP ${response.status}); reload the page.`,
      response.status >= 500,
    );
  }
  try {
    return parseMotion(await response.arrayBuffer());
  } catch (error) {
    const reason = error instanceof MotionFormatError ? ` ${error.message}` : '';
    throw new LoadError(
      `The motion of “${name}” cannot be read; generate it again.${reason}`,
      !(error instanceof MotionFormatError),
    );
  }
}
