/** What tests can break. Nothing here happens by itself: a test adds a fault and removes it. */

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
  /** Status 200 (or `status`) with a web page, as a proxy on the way may answer. */
  webPage?: boolean;
  /** Status 200 with this JSON, `{}` for example. */
  body?: Record<string, unknown>;
  /** Status 200 with this text, said to be JSON: `null`, nothing at all, an answer that breaks off. */
  text?: string;
  /** It hits only calls that name this channel. */
  channel?: string;
}

/** What to do to a download. `after` and `bytes` count bytes of the body. */
export type DownloadFault =
  /** The sign-in page; `late`: the one whose marks are far below its beginning. */
  | { kind: 'login_page'; late?: boolean }
  /** Another page of Slack's, with status 200. */
  | { kind: 'web_page' }
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

/** How the shape of a file in the API differs from the usual one. */
export type FileForm = 'tombstone' | 'hidden_by_limit' | 'external' | 'access_denied';

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
  /**
   * `files.info` answers `file_not_found` this many times, and until then events carry neither URL nor type of the
   * file (NousResearch/hermes-agent#45407 and others met it within seconds after a share).
   */
  notYet(fileId: string, times?: number): FaultHandle;
  /** Pictures whose URL contains this (`*`: all) cannot be downloaded by Slack: `invalid_blocks`. */
  picture(url: string, times?: number): FaultHandle;
  /** Refuses every connection, and cuts those that are open. */
  down: boolean;
  /** Takes every fault away. */
  clear(): void;
}

/** The same, plus the server's questions. Each question counts as one strike. */
export interface FaultBox extends SlackFaults {
  forCall(method: string, channel?: unknown): ApiFault | undefined;
  forDownload(fileId: string): DownloadFault | undefined;
  forEvent(type: string): EventFault | undefined;
  eventStub(fileId: string): EventStub | undefined;
  fileForm(fileId: string): FileForm | undefined;
  /** Counts as a strike; the next does not. */
  takeNotYet(fileId: string): boolean;
  isNotYet(fileId: string): boolean;
  refusesPicture(url: string): boolean;
  /** Called when `down` changes. */
  onDown(listener: (down: boolean) => void): void;
}

interface Shelf<F> {
  add(key: string, fault: F, times?: number): FaultHandle;
  take(key: string, fits?: (fault: F) => boolean): F | undefined;
  /** Whether a strike is left, without using it. */
  has(key: string): boolean;
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
    has: (key) => faults.some((one) => one.left > 0 && (one.key === key || one.key === '*')),
    take(key, fits = () => true) {
      const entry = faults.find(
        (other) => other.left > 0 && (other.key === key || other.key === '*') && fits(other.fault),
      );
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
  const late = shelf<true>();
  const pictures = shelf<string>();
  const listeners: Array<(down: boolean) => void> = [];
  let isDown = false;
  return {
    api: calls.add,
    download: downloads.add,
    event: events.add,
    stub: stubs.add,
    form: (fileId, form) => forms.add(fileId, form),
    notYet: (fileId, times) => late.add(fileId, true, times),
    picture: (url, times) => pictures.add('*', url, times),
    get down() {
      return isDown;
    },
    set down(value) {
      isDown = value;
      for (const listener of listeners) listener(value);
    },
    clear() {
      for (const one of [calls, downloads, events, stubs, forms, late, pictures]) one.clear();
      this.down = false;
    },
    forCall: (method, channel) =>
      calls.take(method, (fault) => fault.channel === undefined || fault.channel === channel),
    forDownload: (fileId) => downloads.take(fileId),
    forEvent: (type) => events.take(type),
    eventStub: (fileId) => stubs.take(fileId),
    fileForm: (fileId) => forms.take(fileId),
    takeNotYet: (fileId) => late.take(fileId) === true,
    isNotYet: late.has,
    refusesPicture: (url) => pictures.take('*', (part) => part === '*' || url.includes(part)) !== undefined,
    onDown(listener) {
      listeners.push(listener);
    },
  };
}
