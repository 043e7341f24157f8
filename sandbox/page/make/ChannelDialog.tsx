import { type ReactNode, useState } from 'react';
import { TextField } from './Field.tsx';
import { FormDialog } from './FormDialog.tsx';

interface Props {
  onMade(name: string, isPrivate: boolean): Promise<void>;
  onClose(): void;
}

/**
 * Makes a channel. Names are in lower case, without spaces (docs.slack.dev/reference/methods/conversations.create, "Naming");
 * that the page writes them so while one types, and leaves out a `#`, is our reading of Slack's own window.
 */
export function ChannelDialog({ onMade, onClose }: Props): ReactNode {
  const [typed, setTyped] = useState('');
  const [isPrivate, setPrivate] = useState(false);
  const name = typed.trim().replace(/^#/, '').toLowerCase().replace(/\s+/g, '-');
  return (
    <FormDialog
      title="Create a channel"
      verb="Create"
      disabled={name === ''}
      onSubmit={() => onMade(name, isPrivate)}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={typed}
        onChange={setTyped}
        placeholder="plan-2027"
        note={name === '' || name === typed ? '' : `It will be called #${name}`}
        focus
      />
      <label className="form-check">
        <input type="checkbox" checked={isPrivate} onChange={(event) => setPrivate(event.target.checked)} />
        Private: only people who are invited see it
      </label>
    </FormDialog>
  );
}
