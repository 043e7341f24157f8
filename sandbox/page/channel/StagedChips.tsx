import type { ReactNode } from 'react';
import { KindIcon } from '../files/KindIcon.tsx';
import { FileIcon } from '../parts/FileIcon.tsx';
import { bytes } from '../text/format.ts';
import type { Staged, StagedFiles } from './useStaged.ts';

/** The files that wait in a composer, each with its progress. */
export function StagedChips({ staged }: { staged: StagedFiles }): ReactNode {
  if (staged.files.length === 0) return null;
  return (
    <ul className="chips" aria-label="Files to send">
      {staged.files.map((one) => (
        <li key={one.key} className={`chip ${one.error ? 'failed' : ''}`} data-testid="staged-file">
          {one.uploaded ? <KindIcon file={one.uploaded} /> : <FileIcon name={one.name} mimetype={one.type} />}
          <span className="chip-text">
            <span className="chip-name" title={one.name}>
              {one.name}
            </span>
            <Progress file={one} />
          </span>
          {one.error && (
            <button type="button" className="as-link" onClick={() => staged.retry(one.key)}>
              Try again
            </button>
          )}
          <button
            type="button"
            className="chip-remove"
            aria-label={`Remove ${one.name}`}
            onClick={() => staged.remove(one.key)}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}

function Progress({ file }: { file: Staged }): ReactNode {
  if (file.error) return <span className="chip-note">{file.error}</span>;
  if (!file.source) return null;
  const size = bytes(file.size);
  if (file.uploaded) return <span className="chip-note">{size}</span>;
  const share = file.size > 0 ? file.sent / file.size : 0;
  return (
    <>
      <progress max={1} value={share} aria-label={`Uploading ${file.name}`} />
      <span className="chip-note">
        {bytes(file.sent)} of {size}
      </span>
    </>
  );
}
