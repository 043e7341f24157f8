/** What tests can break. Nothing here happens by itself: a fault is added by a test and removed by it. */

/** What to do to a Web API call instead of answering it. */
export interface ApiFault {
  /** 429 or 5xx, with `retryAfter` seconds if given. */
  status?: number;
  retryAfter?: number;
  /** A 200 that says `{ ok: false, error }`. */
  error?: string;
  /** Never answered; the caller must give up. */
  hang?: boolean;
  /** The connection is reset. */
  reset?: boolean;
  /** Answered only after this many milliseconds; alone, the call then goes on as usual. */
  delayMs?: number;
  /** The call is carried out first and only its answer is lost. */
  after?: boolean;
}

/** What to do to a download. `after` and `bytes` count bytes of the body. */
export type DownloadFault =
  | { kind: 'login_page' }
  /** `to` is a URL, or `path` for another path on this host, which then serves the file. */
  | { kind: 'redirect'; to: string; status?: number }
  /** The last `bytes` bytes are missing, and Content-Length agrees with what is sent. */
  | { kind: 'short'; bytes: number }
  /** `bytes` more bytes than the file has. */
  | { kind: 'extra'; bytes: number }
  | { kind: 'reset'; after: number }
  | { kind: 'stall'; after: number }
  /** The pace may be changed under way. */
  | { kind: 'drip'; bytesPerSecond: number }
  | { kind: 'status'; status: number; retryAfter?: number }
  /** A Content-Length that lies, or `null` for none at all (chunked). */
  | { kind: 'content_length'; value: number | null };

/** What to do to an event. `reorder` sends it after the next one. */
export type EventFault = { kind: 'duplicate' | 'drop' | 'reorder' } | { kind: 'delay'; ms: number };

/** How a file that the API shows has changed its form. */
export type FileForm = 'tombstone' | 'hidden_by_limit' | 'external';

/** How little an event tells of a file. */
export type EventStub = 'check_file_info' | 'no_url';

export interface FaultHandle {
  /** How often it has struck. */
  readonly hits: number;
  remove(): void;
}

/** For tests. `times` is how often the fault strikes before it is gone; without it, until `remove()`. */
export interface SlackFaults {
  /** Breaks calls of one Web API method, answers to a `response_url` under that name, or all of them with `*`. */
  api(method: string, fault: ApiFault, times?: number): FaultHandle;
  /** Breaks downloads of one file by its id, or of all with `*`. */
  download(fileId: string, fault: DownloadFault, times?: number): FaultHandle;
  /** Breaks the delivery of events of one type (`message`, `file_shared`, …), or of all with `*`. */
  event(type: string, fault: EventFault, times?: number): FaultHandle;
  /** Events carry only a stub of this file (`*`: of any); `files.info` still has all of it. */
  stub(fileId: string, form: EventStub, times?: number): FaultHandle;
  /** The file looks like this everywhere, until removed. */
  form(fileId: string, form: FileForm): FaultHandle;
  /** Refuses every connection, and cuts those that are open. */
  down: boolean;
  /** Takes every fault away. */
  clear(): void;
}

/** The same, with what the server asks. Each question counts as one strike. */
export interface FaultBox extends SlackFaults {
  forCall(method: string): ApiFault | undefined;
  forDownload(fileId: string): DownloadFault | undefined;
  forEvent(type: string): EventFault | undefined;
  eventStub(fileId: string): EventStub | undefined;
  fileForm(fileId: string): FileForm | undefined;
  /** Called when `down` changes. */
  onDown(listener: (down: boolean) => void): void;
}

interface Shelf<F> {
  add(key: string, fault: F, times?: number): FaultHandle;
  take(key: string): F | undefined;
  clear(): void;
}

function shelf<F>(): Shelf<F> {
  let faults: Array<{ key: string; fault: F; left: number; hits: number }> = [];
  return {
    add(key, fault, times = Number.POSITIVE_INFINITY) {
      const entry = { key, fault, left: times, hits: 0 };
      faults.push(entry);
      return {
        get hits() {
          return entry.hits;
        },
        remove() {
          faults = faults.filter((other) => other !== entry);
        },
      };
    },
    take(key) {
      const entry = faults.find((other) => other.left > 0 && (other.key === key || other.key === '*'));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      entry.hits += 1;
      return entry.fault;
    },
    clear() {
      faults = [];
    },
  };
}

/** A box with no fault in it. */
export function createFaults(): FaultBox {
  const calls = shelf<ApiFault>();
  const downloads = shelf<DownloadFault>();
  const events = shelf<EventFault>();
  const stubs = shelf<EventStub>();
  const forms = shelf<FileForm>();
  const listeners: Array<(down: boolean) => void> = [];
  let isDown = false;
  return {
    api: calls.add,
    download: downloads.add,
    event: events.add,
    stub: stubs.add,
    form: (fileId, form) => forms.add(fileId, form),
    get down() {
      return isDown;
    },
    set down(value) {
      isDown = value;
      for (const listener of listeners) listener(value);
    },
    clear() {
      for (const one of [calls, downloads, events, stubs, forms]) one.clear();
      this.down = false;
    },
    forCall: calls.take,
    forDownload: downloads.take,
    forEvent: events.take,
    eventStub: stubs.take,
    fileForm: forms.take,
    onDown(listener) {
      listeners.push(listener);
    },
  };
}
