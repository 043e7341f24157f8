import type { ReactNode } from 'react';
import { ListDialog } from '../make/ListDialog.tsx';
import { useDesk } from '../store/desk.ts';
import { editFile } from '../store/make.ts';
import { useContent } from './useContent.ts';

/** Opens a list to be read and changed. */
export function ListEditor({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  const { me } = useDesk();
  const content = useContent(id, onClose);
  if (!content) return null;
  const { title, columns = [], rows = [] } = content;
  return (
    <ListDialog
      heading="List"
      verb="Save"
      begin={{ title: title ?? '', columns, rows }}
      onSave={async (list) => {
        const { title: renamed, ...table } = list;
        await editFile(me.id, id, { ...table, ...(renamed === title ? {} : { title: renamed }) });
      }}
      onClose={onClose}
    />
  );
}
