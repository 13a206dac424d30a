// Puts a Pod's monotonic clock beside ours. A line is never received before it was written, so the smallest distance between the two
// that was seen of late is the offset, up to the fastest delivery (a few milliseconds); nobody's wall clock is believed for that.

/** Lines that are looked back at: long enough for a fast delivery to be among them, short enough for drifting clocks. */
const remembered = 200;

export class PodClock {
  readonly #distances: number[] = [];
  #offset = Number.POSITIVE_INFINITY;

  /** Both in milliseconds: of the Pod when it wrote, of ours when we read. */
  heard(podMono: number, ours: number): void {
    const distance = ours - podMono;
    this.#distances.push(distance);
    if (this.#distances.length > remembered) {
      const left = this.#distances.shift();
      if (left === this.#offset) this.#offset = Math.min(...this.#distances);
    }
    if (distance < this.#offset) this.#offset = distance;
  }

  /** A moment of the Pod's clock, on ours. */
  ours(podMono: number): number {
    return podMono + this.#offset;
  }
}
