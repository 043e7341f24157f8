import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CopiedFile } from '../capture/side.ts';
import type { Host, Sink } from '../hosts/start.ts';
import { makeDueCatalog } from './due-catalog.ts';
import { type Watched, watched } from './measure.ts';

/** What one run does. */
export interface Run {
  /** `vault`, or the name of another way in `../capture/sides`. */
  way: string;
  files: number;
  bytes: number;
  /** How fast the source sends each file, in bytes a second; as fast as it can when nothing is said. */
  sourceRate?: number | undefined;
  atOnce: number;
  /** So many times as many files are due as there are in `files`. */
  times?: number | undefined;
  /** It is cut off after so long, in ms. */
  forMs: number;
  /** Bytes of each file of the warm-up. */
  warmUpBytes: number;
}

/** The warm-up opens so many connections at once, and reads all code; the others are the run's own. */
const WARM_UP_FILES = 8;

/** Does one run from this source into this bucket. */
export async function measureRun(run: Run, source: Host, sink: Sink): Promise<Watched> {
  const { way, atOnce, forMs, bytes, times, warmUpBytes, sourceRate } = run;
  const dataDir = mkdtempSync(join(tmpdir(), 'ria-vault-bench-'));
  const rate = sourceRate === undefined ? '' : `?rate=${sourceRate}`;
  const named = (letter: string, count: number, size: number, query: string): CopiedFile[] =>
    Array.from({ length: count }, (_, i) => {
      const key = `${letter}${i + 1}`;
      return { url: `${source.url}/${size}/${key}${query}`, bytes: size, key };
    });
  const files = named('F', run.files, bytes, rate);
  try {
    if (way === 'vault') await makeDueCatalog(dataDir, files, times);
    const place = { endpoint: sink.url, bucket: 'bench' };
    const warmUp = named('W', WARM_UP_FILES, warmUpBytes, '');
    return await watched({ way, place, warmUp, files, dataDir, atOnce, forMs }, sink);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
