import type { ReactNode } from 'react';
import type { View } from '../../slack/page-api.ts';
import { Blocks } from '../blocks/Blocks.tsx';
import { Surface } from '../blocks/Surface.tsx';
import { useDesk } from '../store/desk.ts';

export function HomeTab({ view }: { view: View | null }): ReactNode {
  const { workspace } = useDesk();
  if (!view) {
    return <p className="empty">{workspace.bot.name} has not drawn its Home yet.</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must scroll by keys too
    <div className="home-tab" data-testid="home" tabIndex={0}>
      <Surface container={{ type: 'view', view_id: view.id }} blocks={view.blocks}>
        <Blocks blocks={view.blocks} />
      </Surface>
    </div>
  );
}
