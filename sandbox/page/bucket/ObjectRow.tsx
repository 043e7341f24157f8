import { type ReactNode, useState } from 'react';
import type { BucketObject } from '../../bucket-types.ts';
import { bytes } from '../text/format.ts';
import { useSha256 } from './useSha256.ts';

/** One object; opened, it shows everything that proves its bytes. */
export function ObjectRow({ object, name }: { object: BucketObject; name: string }): ReactNode {
  const [open, setOpen] = useState(false);
  const cut = name.lastIndexOf('/') + 1;
  return (
    <li className="object" data-testid="bucket-object">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary title={object.key}>
          <span className="object-name">{name.slice(cut)}</span>
          <span className="object-size">{bytes(object.bytes)}</span>
          {cut > 0 && <span className="object-folder">{name.slice(0, cut)}</span>}
        </summary>
        {open && <Facts object={object} />}
      </details>
    </li>
  );
}

function Facts({ object }: { object: BucketObject }): ReactNode {
  const sha256 = useSha256(object);
  const facts: Array<[string, string | null]> = [
    ['Key', object.key],
    ['Size', `${object.bytes.toLocaleString('en-US')} bytes`],
    ['SHA-256 of the bytes in the bucket', sha256],
    ['CRC-32', object.crc32],
    ['ETag', object.etag],
    ['Version', object.versionId],
    ['Written', new Date(object.modifiedAt).toLocaleString()],
  ];
  return (
    <dl>
      {facts.map(
        ([label, value]) =>
          value !== null && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
