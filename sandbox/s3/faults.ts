import type { Operation } from './route.ts';

/** What a fault does to a request that it hits. */
export type FaultAction =
  /** Answers with this error, before the body is read. */
  | { status: number; code: string }
  /** Cuts the connection once this many bytes of the request body have come. */
  | { resetAfterBytes: number }
  /** Does the work, then cuts the connection instead of answering. */
  | { resetBeforeAnswer: true }
  /** Never reads the body and never answers. */
  | { stall: true }
  /** Reads the request body and sends the answer's body no faster than this; it may change under way. */
  | { bytesPerSecond: number }
  /** Does nothing, and says 200 with an error document, as S3 may for slow operations. */
  | { okWithError: string }
  /** Waits this long before it begins. */
  | { delayMs: number };

export interface FaultRule {
  operation?: Operation;
  key?: RegExp;
  /** How many requests it hits; without it, all until it is removed. */
  times?: number;
  do: FaultAction;
}

/** Ways in which other stores differ from S3. */
export interface Compat {
  /** Bodies with trailers are refused, as by Ceph 16: with 411, or with 400 if Content-Length is given. */
  noTrailers: boolean;
  /** A body in chunks is stored as it came, with the chunk lengths between its bytes. */
  keepsFrames: boolean;
  /** `Content-Encoding: aws-chunked` is stored with the object and returned with it. */
  keepsEncoding: boolean;
  /** `x-amz-checksum-*` is ignored: not verified, not returned. */
  noChecksums: boolean;
  /** `If-None-Match` and `If-Match` on writes are ignored. */
  noConditional: boolean;
  /** The ETag of an object is no MD5 of anything. */
  opaqueEtags: boolean;
  /** With versioning: a put whose connection breaks leaves the bytes that came, as an object. */
  keepsCutPuts: boolean;
  /** With versioning: a put refused for its condition leaves a version below the newest. */
  keepsRefusedPuts: boolean;
  /** An object without a legal hold is said to have no Object Lock configuration, in Ceph's words. */
  cephLockErrors: boolean;
  /** Every new object is in the class GLACIER, whatever was asked for. */
  archivesAtOnce: boolean;
  /** Listings are in the order of UTF-16 units instead of UTF-8 bytes. */
  utf16Order: boolean;
}

export interface S3Faults {
  /** Adds a rule. Rules are tried in the order in which they were added; the first match is used. */
  add(rule: FaultRule): { remove(): void };
  /** Removes all rules and switches everything back. */
  clear(): void;
  /** The action for this request, if any; uses up one of its `times`. */
  take(operation: Operation, key: string): FaultAction | null;
  compat: Compat;
  /** True: every connection is destroyed at once, busy ones too. */
  down: boolean;
  /** Called when `down` changes. */
  onDown(listener: (down: boolean) => void): void;
}

const FAITHFUL: Compat = {
  noTrailers: false,
  keepsFrames: false,
  keepsEncoding: false,
  noChecksums: false,
  noConditional: false,
  opaqueEtags: false,
  keepsCutPuts: false,
  keepsRefusedPuts: false,
  cephLockErrors: false,
  archivesAtOnce: false,
  utf16Order: false,
};

/** A set of faults, empty at first. */
export function createFaults(): S3Faults {
  const rules: (FaultRule & { left: number })[] = [];
  const remove = (rule: FaultRule): void => {
    const index = rules.indexOf(rule as (typeof rules)[number]);
    if (index >= 0) rules.splice(index, 1);
  };
  const listeners: ((down: boolean) => void)[] = [];
  let isDown = false;
  const faults: S3Faults = {
    compat: { ...FAITHFUL },
    get down() {
      return isDown;
    },
    set down(value) {
      isDown = value;
      for (const listener of listeners) listener(value);
    },
    onDown(listener) {
      listeners.push(listener);
    },
    add(rule) {
      const added = { ...rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.push(added);
      return { remove: () => remove(added) };
    },
    clear() {
      rules.length = 0;
      faults.compat = { ...FAITHFUL };
      faults.down = false;
    },
    take(operation, key) {
      const rule = rules.find(
        (each) =>
          (each.operation ?? operation) === operation && (each.key ? key.search(each.key) >= 0 : true),
      );
      if (!rule) return null;
      rule.left -= 1;
      if (rule.left <= 0) remove(rule);
      return rule.do;
    },
  };
  return faults;
}
