/** A bounded memory of results by key: what was used longest ago is forgotten first. */
export class Recent<T> {
  readonly #kept = new Map<string, { readonly value: T; readonly size: number }>();
  readonly #limit: number;
  #size = 0;

  /** `limit` is of the sum of sizes; the latest result is kept however large it is. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The result for `key`, made if it is not here. */
  get(key: string, make: () => T, size: (value: T) => number): T {
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept.value;
    }
    const value = make();
    const entry = { value, size: size(value) };
    this.#kept.set(key, entry);
    this.#size += entry.size;
    for (const [oldest, { size: freed }] of this.#kept) {
      if (this.#size <= this.#limit || this.#kept.size === 1) break;
      this.#kept.delete(oldest);
      this.#size -= freed;
    }
    return value;
  }
}
