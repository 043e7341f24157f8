import { useCallback, useEffect, useRef, useState } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { type Upload, upload } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';
import { titleOf } from '../text/title.ts';

/** Slack's own limit for one message. Who drops more sends several. */
const MAX_FILES = 10;
/** Browsers open six connections per host; the live stream and the bucket panel need theirs. */
const AT_ONCE = 3;

/** A file that waits in the composer; it is uploaded at once and shared when the message is sent. */
export interface Staged {
  key: number;
  name: string;
  type: string;
  size: number;
  /** What is uploaded, and how; null for a file that Slack made, such as a canvas. */
  source: { file: File; extra: Extra } | null;
  /** Bytes that have left the browser. */
  sent: number;
  uploaded: PageFile | null;
  error: string | null;
}

type Extra = Record<string, string>;

export interface StagedFiles {
  files: Staged[];
  /** Uploads files; `extra` tells Slack more about them, such as that one is a clip. */
  add(files: File[], extra?: Extra): void;
  /** Takes a file that Slack has already made but nobody has shared. */
  addMade(file: PageFile): void;
  /** Takes back files that could not be sent. */
  putBack(files: Staged[]): void;
  remove(key: number): void;
  retry(key: number): void;
  clear(): void;
}

let nextKey = 1;

/** The messages that carry these files: one at least, ten files in each. */
export function inMessages<T>(files: T[]): T[][] {
  const messages: T[][] = [files.slice(0, MAX_FILES)];
  for (let at = MAX_FILES; at < files.length; at += MAX_FILES) messages.push(files.slice(at, at + MAX_FILES));
  return messages;
}

export function useStaged(): StagedFiles {
  const { me } = useDesk();
  const [files, setFiles] = useState<Staged[]>([]);
  const running = useRef(new Map<number, Upload>());
  // Separate from `running`: an upload ends before React draws that.
  const started = useRef(new Set<number>());
  const patch = useCallback((key: number, change: Partial<Staged>) => {
    setFiles((old) => old.map((one) => (one.key === key ? { ...one, ...change } : one)));
  }, []);

  useEffect(() => {
    const waiting = files.filter((one) => one.source && !started.current.has(one.key));
    for (const { key, source } of waiting.slice(0, Math.max(0, AT_ONCE - running.current.size))) {
      if (!source) continue;
      const { file, extra } = source;
      const sending = upload(me.id, file, (sent) => patch(key, { sent }), extra);
      running.current.set(key, sending);
      started.current.add(key);
      sending.done
        .then((uploaded): Partial<Staged> => ({ uploaded, sent: file.size }))
        .catch((error: Error): Partial<Staged> => ({ error: error.message }))
        .then((change) => {
          running.current.delete(key);
          patch(key, change);
        });
    }
  }, [files, me.id, patch]);

  useEffect(() => {
    const uploads = running.current;
    return () => {
      for (const one of uploads.values()) one.cancel();
    };
  }, []);

  const stage = (added: Array<Omit<Staged, 'key' | 'sent' | 'error'>>) => {
    const staged = added.map((one) => ({ ...one, key: nextKey++, sent: 0, error: null }));
    setFiles((old) => [...old, ...staged]);
  };
  const add = (added: File[], extra: Extra = {}) =>
    stage(
      added.map((file) => ({
        ...{ name: file.name, type: file.type, size: file.size },
        ...{ source: { file, extra }, uploaded: null },
      })),
    );
  const addMade = (file: PageFile) =>
    stage([
      {
        ...{ name: titleOf(file), type: file.mimetype, size: file.size },
        ...{ source: null, uploaded: file },
      },
    ]);
  const remove = (key: number) => {
    running.current.get(key)?.cancel();
    setFiles((old) => old.filter((one) => one.key !== key));
  };
  return {
    files,
    add,
    addMade,
    putBack: (unsent) => setFiles((old) => [...unsent, ...old]),
    remove,
    retry: (key) => {
      started.current.delete(key);
      patch(key, { error: null, sent: 0 });
    },
    clear: () => setFiles([]),
  };
}
