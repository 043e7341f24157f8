/** The files of a benchmark's workspace: always the same ones, half of them in one channel. */

export const TEAM = 'T0BENCH';
export const BIG_CHANNEL = 'C0BIG';
/** As many channels as a large workspace has. Every second one of the 200 small ones has files. */
export const CHANNELS = [BIG_CHANNEL, ...Array.from({ length: 200 }, (_, i) => `C${i}`)];
const START = Date.UTC(2020, 0, 1);

const TYPES = ['pdf', 'png', 'jpg', 'docx', 'xlsx', 'mp4', 'txt', 'zip'];
const MIME: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  mp4: 'video/mp4',
  txt: 'text/plain',
};
const WORDS = 'report invoice screenshot contract budget draft final photo meeting notes plan review'.split(
  ' ',
);

export const OBJECT = {
  bytes: 1_000,
  sha256: 'a'.repeat(64),
  crc32: 'AAAAAA==',
  etag: '"e"',
  proof: 'crc32' as const,
};

/** The files of a workspace are spread over six years. */
const SPREAD_MS = 6 * 365 * 86_400_000;

/** The time from one file to the next, ms, where there are so many. */
export const stepOf = (files: number) => Math.floor(SPREAD_MS / files);

export type Sample = ReturnType<typeof fileAt>;

/** The i-th file; one follows the other by `stepMs`. */
export function fileAt(i: number, stepMs = 1_000) {
  const fileId = `F${i.toString(36).toUpperCase().padStart(9, '0')}`;
  const type = i % 50_000 === 7 ? 'psd' : (TYPES[i % TYPES.length] as string);
  const word = WORDS[(i * 7) % WORDS.length];
  const name =
    i % 100_000 === 11 ? `Zürich Überblick ${i}.${type}` : `${word} ${i % 1_000} ${fileId}.${type}`;
  const uploaderId = i % 40_000 === 3 ? 'U0RARE' : `U${i % 500}`;
  const channelId = i % 2 === 0 ? BIG_CHANNEL : `C${i % 200}`;
  return { fileId, type, name, uploaderId, channelId, at: START + i * stepMs };
}

/** Which file has this id. */
export const indexOf = (fileId: string) => Number.parseInt(fileId.slice(1), 36);

/** Whether the i-th file is in the trash. */
export const isTrashed = (i: number) => i % 23 === 5;

/** What Slack tells of it. */
export function sharedFile({ fileId, type, name, uploaderId, at }: Sample) {
  return {
    ...{ teamId: TEAM, fileId, name, title: name, mimetype: MIME[type] ?? `application/${type}` },
    ...{ filetype: type, mode: 'hosted', size: 1_000, uploaderId, createdAt: at, complete: true },
    ...{ url: `https://files.slack.com/files-pri/${fileId}/${name}`, externalUrl: null, permalink: null },
  };
}
