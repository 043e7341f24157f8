import type { BucketObject } from '../../bucket-types.ts';

/** The objects that share one "folder" of their keys, newest folder first. */
export interface Folder {
  prefix: string;
  objects: BucketObject[];
}

/** Groups keys by everything before the last two parts, which for the vault are file id and name. */
export function folders(objects: BucketObject[]): Folder[] {
  const found = new Map<string, BucketObject[]>();
  for (const object of objects) {
    const parts = object.key.split('/');
    const prefix = parts.slice(0, parts.length > 5 ? -2 : -1).join('/');
    found.set(prefix, [...(found.get(prefix) ?? []), object]);
  }
  const newest = (list: BucketObject[]) => Math.max(...list.map((one) => one.modifiedAt));
  return [...found]
    .map(([prefix, list]) => ({ prefix, objects: list.sort((a, b) => b.modifiedAt - a.modifiedAt) }))
    .sort((a, b) => newest(b.objects) - newest(a.objects));
}

/** What a key adds to its folder's prefix. */
export function tail(key: string, prefix: string): string {
  return prefix === '' ? key : key.slice(prefix.length + 1);
}
