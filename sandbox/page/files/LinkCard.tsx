import type { ReactNode } from 'react';
import type { PageFile } from '../../slack/page-api.ts';
import { serviceName } from '../make/services.ts';
import { safeHref } from '../text/mrkdwn.ts';
import { CardFrame } from './CardFrame.tsx';

/** A file that lives elsewhere: Slack knows its name and its address. */
export function LinkCard({ file }: { file: PageFile }): ReactNode {
  const url = safeHref(file.external_url ?? '') ?? '';
  return (
    <CardFrame
      file={file}
      note={`${serviceName(url)} · link only`}
      download={false}
      {...(url ? { href: url } : {})}
    />
  );
}
