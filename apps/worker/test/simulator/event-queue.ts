/** Something that happens at a moment of the simulated time. */
interface SimulatedEvent {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** The simulated time, and what is going to happen in it: a binary heap, earliest first. */
export class EventQueue {
  readonly #heap: SimulatedEvent[] = [];
  #order = 0;
  now: number;

  constructor(start: number) {
    this.now = start;
  }

  /** Lets something happen after so many milliseconds. */
  after(ms: number, run: () => void): () => void {
    this.#order += 1;
    const at = this.now + Math.max(0, ms);
    const event: SimulatedEvent = { at, order: this.#order, run, cancelled: false };
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  }

  /** Runs the next event; `false` if the queue is empty. */
  step(): boolean {
    for (;;) {
      const event = this.#pop();
      if (event === undefined) return false;
      if (event.cancelled) continue;
      this.now = event.at;
      event.run();
      return true;
    }
  }

  #push(event: SimulatedEvent): void {
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[index] = heap[parent] as SimulatedEvent;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): SimulatedEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child] as SimulatedEvent;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: SimulatedEvent | undefined, other: SimulatedEvent | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
