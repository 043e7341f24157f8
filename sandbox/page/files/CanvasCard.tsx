import { type ReactNode, useState } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { CanvasEditor } from './CanvasEditor.tsx';
import { CardFrame } from './CardFrame.tsx';

/** A canvas; its title opens it. */
export function CanvasCard({ file }: { file: PageFile }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <CardFrame file={file} note="Canvas · click to edit" onOpen={() => setOpen(true)}>
      {open && <CanvasEditor id={file.id} onClose={() => setOpen(false)} />}
    </CardFrame>
  );
}
