import { type ReactNode, useState } from 'react';
import type { Mail } from '../store/make.ts';
import { bytes } from '../text/format.ts';
import { Field, TextField } from './Field.tsx';
import { FormDialog } from './FormDialog.tsx';

interface Props {
  channel: string;
  onSend(mail: Mail): Promise<void>;
  onClose(): void;
}

/** An e-mail such as the channel's own address would get from outside. */
export function MailDialog({ channel, onSend, onClose }: Props): ReactNode {
  const [subject, setSubject] = useState('');
  const [from, setFrom] = useState('Maria Supplier <maria@supplier.example>');
  const [text, setText] = useState('');
  const [attachments, setAttachments] = useState<File[]>([]);
  return (
    <FormDialog
      title={`E-mail to ${channel}`}
      verb="Send"
      disabled={subject.trim() === ''}
      onSubmit={() => onSend({ subject: subject.trim(), from: from.trim(), text, attachments })}
      onClose={onClose}
    >
      <TextField label="From" value={from} onChange={setFrom} />
      <TextField label="Subject" value={subject} onChange={setSubject} focus />
      <TextField label="Text" rows={5} value={text} onChange={setText} />
      <Field label="Attachments">
        {(id) => (
          <input
            id={id}
            type="file"
            multiple
            onChange={(event) => {
              setAttachments([...attachments, ...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        )}
      </Field>
      {attachments.length > 0 && (
        <ul className="form-list" aria-label="Attached">
          {attachments.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be attached twice
            <li key={at}>
              {one.name} <span className="form-note">{bytes(one.size)}</span>
              <button
                type="button"
                className="chip-remove"
                aria-label={`Remove ${one.name}`}
                onClick={() => setAttachments(attachments.filter((_, other) => other !== at))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </FormDialog>
  );
}
