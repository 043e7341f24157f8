import { type ReactNode, useState } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { CardFrame } from './CardFrame.tsx';
import { ListEditor } from './ListEditor.tsx';

/** A list; its title opens it. */
export function ListCard({ file }: { file: PageFile }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <CardFrame file={file} note="List · click to edit" onOpen={() => setOpen(true)} download={false}>
      {open && <ListEditor id={file.id} onClose={() => setOpen(false)} />}
    </CardFrame>
  );
}
