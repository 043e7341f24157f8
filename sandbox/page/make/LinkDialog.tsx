import { type ReactNode, useState } from 'react';
import { safeHref } from '../text/mrkdwn.ts';
import { Field, TextField } from './Field.tsx';
import { FormDialog } from './FormDialog.tsx';
import { SERVICES, type Service } from './services.ts';

export interface LinkOut {
  kind: Service['kind'];
  name: string;
  url: string;
}

interface Props {
  onMade(link: LinkOut): Promise<void>;
  onClose(): void;
}

/** Shares a file that lives elsewhere, as people do from Google Drive: Slack gets a name and an address. */
export function LinkDialog({ onMade, onClose }: Props): ReactNode {
  const [kind, setKind] = useState<Service['kind']>('gdrive');
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const service = SERVICES.find((one) => one.kind === kind);
  const address = url.trim() || (service?.example ?? '');
  const good = safeHref(address) !== null;
  return (
    <FormDialog
      title="Share a link to a file"
      verb="Add to message"
      disabled={name.trim() === '' || !good}
      onSubmit={() => onMade({ kind, name: name.trim(), url: address })}
      onClose={onClose}
    >
      <Field label="Where the file is">
        {(id) => (
          <select
            id={id}
            className="field"
            value={kind}
            onChange={(event) => setKind(event.target.value as Service['kind'])}
          >
            {SERVICES.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField label="Name" value={name} onChange={setName} placeholder="Roadmap 2027" focus />
      <TextField
        label="Address"
        value={url}
        onChange={setUrl}
        placeholder={service?.example ?? ''}
        note={good ? '' : 'An address begins with https://'}
      />
    </FormDialog>
  );
}
