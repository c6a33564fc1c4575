import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { memoryUsage } from 'node:process';

/** Upper ends of the buckets of answering times, in seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts what the server does, for Prometheus. */
export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #times = buckets.map(() => 0);
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });
  #count = 0;
  #seconds = 0;
  #uploadedBytes = 0;

  constructor() {
    this.#delay.enable();
  }

  /** Counts an answer. */
  answered(method: string, status: number, seconds: number): void {
    const key = `method="${method}",status="${status}"`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    this.#count++;
    this.#seconds += seconds;
    for (const [i, most] of buckets.entries()) if (seconds <= most) this.#times[i]!++;
  }

  /** Counts an upload. */
  uploaded(bytes: number): void {
    this.#uploadedBytes += bytes;
  }

  /**
   * Everything in Prometheus's text format.
   *
   * @param jobs how many there are in each state
   * @param streams how many listen to events
   */
  text(jobs: Readonly<Record<string, number>>, streams: number): string {
    const lines: string[] = [];
    const family = (
      name: string,
      type: string,
      help: string,
      samples: readonly (readonly [string, number])[],
    ): void => {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      for (const [labels, value] of samples) lines.push(`${name}${labels} ${value}`);
    };
    const states = Object.entries(jobs).map(([state, count]) => [`{state="${state}"}`, count] as const);
    family('pareidolia_jobs', 'gauge', 'Jobs by state, parts left out.', states);
    family('pareidolia_event_streams', 'gauge', 'Clients that listen to events.', [['', streams]]);
    const requests = [...this.#requests].map(([labels, count]) => [`{${labels}}`, count] as const);
    family('pareidolia_http_requests_total', 'counter', 'Requests answered.', requests);
    family('pareidolia_http_request_seconds', 'histogram', 'How long answers took to begin.', [
      ...buckets.map((most, i) => [`_bucket{le="${most}"}`, this.#times[i]!] as const),
      ['_bucket{le="+Inf"}', this.#count],
      ['_sum', this.#seconds],
      ['_count', this.#count],
    ]);
    family('pareidolia_uploaded_bytes_total', 'counter', 'Bytes of pictures taken.', [['', this.#uploadedBytes]]);
    family('pareidolia_event_loop_delay_seconds', 'gauge', '99th percentile since the last time.', [
      ['', this.#delay.percentile(99) / 1e9],
    ]);
    this.#delay.reset();
    family('process_resident_memory_bytes', 'gauge', 'Memory of the server process.', [['', memoryUsage.rss()]]);
    return `${lines.join('\n')}\n`;
  }

  /** Stops measuring. */
  close(): void {
    this.#delay.disable();
  }
}
