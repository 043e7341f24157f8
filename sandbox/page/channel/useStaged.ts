import { useCallback, useEffect, useRef, useState } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { type Upload, upload } from '../store/api.ts';
import { useDesk } from '../store/desk.ts';

/** Slack's own limit for one message. */
export const MAX_FILES = 10;
/** Browsers open six connections per host; the live stream and the bucket panel need theirs. */
const AT_ONCE = 3;

/** A file that waits in the composer; it is uploaded at once and shared when the message is sent. */
export interface Staged {
  key: number;
  file: File;
  /** Bytes that have left the browser. */
  sent: number;
  uploaded: PageFile | null;
  error: string | null;
}

export interface StagedFiles {
  files: Staged[];
  add(files: File[]): void;
  remove(key: number): void;
  retry(key: number): void;
  clear(): void;
}

let nextKey = 1;

export function useStaged(): StagedFiles {
  const { me, complain } = useDesk();
  const [files, setFiles] = useState<Staged[]>([]);
  const running = useRef(new Map<number, Upload>());
  // Apart from `running`: an upload has ended before React has drawn that it has.
  const started = useRef(new Set<number>());
  const patch = useCallback((key: number, change: Partial<Staged>) => {
    setFiles((old) => old.map((one) => (one.key === key ? { ...one, ...change } : one)));
  }, []);

  useEffect(() => {
    const waiting = files.filter((one) => !started.current.has(one.key));
    for (const { key, file } of waiting.slice(0, Math.max(0, AT_ONCE - running.current.size))) {
      const sending = upload(me.id, file, (sent) => patch(key, { sent }));
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

  const add = (added: File[]) => {
    const room = MAX_FILES - files.length;
    if (added.length > room) complain(`One message takes ${MAX_FILES} files at most.`);
    const staged = added.slice(0, Math.max(0, room)).map((file) => ({
      ...{ key: nextKey++, file, sent: 0 },
      ...{ uploaded: null, error: null },
    }));
    setFiles((old) => [...old, ...staged]);
  };
  const remove = (key: number) => {
    running.current.get(key)?.cancel();
    setFiles((old) => old.filter((one) => one.key !== key));
  };
  return {
    files,
    add,
    remove,
    retry: (key) => patch(key, { error: null, sent: 0 }),
    clear: () => setFiles([]),
  };
}
