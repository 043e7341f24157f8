import { type ReactNode, useState } from 'react';
import { TextField } from './Field.tsx';
import { FormDialog } from './FormDialog.tsx';

export interface CanvasText {
  title: string;
  text: string;
}

interface Props {
  heading: string;
  verb: string;
  begin: CanvasText;
  onSave(canvas: CanvasText): Promise<void>;
  onClose(): void;
}

/** A canvas to write in: a title, and lines of text. */
export function CanvasDialog({ heading, verb, begin, onSave, onClose }: Props): ReactNode {
  const [title, setTitle] = useState(begin.title);
  const [text, setText] = useState(begin.text);
  return (
    <FormDialog title={heading} verb={verb} wide onSubmit={() => onSave({ title, text })} onClose={onClose}>
      <TextField label="Title" value={title} onChange={setTitle} placeholder="Untitled" focus />
      <TextField
        label="Text"
        rows={12}
        value={text}
        onChange={setText}
        note="“# ” begins a heading, “- ” an item. It may stay empty: a new canvas in Slack is, too."
      />
    </FormDialog>
  );
}
