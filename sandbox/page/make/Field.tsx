import { type ReactNode, useId } from 'react';

interface Props {
  label: string;
  /** What is drawn as the field; it gets the id that the label names. */
  children(id: string): ReactNode;
  note?: string;
}

/** A label above its field, and a note below. */
export function Field({ label, children, note }: Props): ReactNode {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {note && <p className="form-note">{note}</p>}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange(value: string): void;
  rows?: number;
  placeholder?: string;
  note?: string;
  focus?: boolean;
}

/** A line of text, or several with `rows`. */
export function TextField({ label, value, onChange, rows, placeholder, note, focus }: TextProps): ReactNode {
  const shared = { value, placeholder, className: 'field', autoFocus: focus };
  return (
    <Field label={label} note={note ?? ''}>
      {(id) =>
        rows ? (
          <textarea {...shared} id={id} rows={rows} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <input {...shared} id={id} type="text" onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}
