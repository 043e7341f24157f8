import type { SharedFile } from '../catalog/model.ts';

/** A file of which only the id is known. `files.info` has the rest. */
export function unknownFile(teamId: string, fileId: string): SharedFile {
  return {
    teamId,
    fileId,
    name: null,
    title: null,
    mimetype: null,
    filetype: null,
    mode: null,
    size: null,
    uploaderId: null,
    createdAt: null,
    url: null,
    externalUrl: null,
    permalink: null,
    complete: false,
  };
}
