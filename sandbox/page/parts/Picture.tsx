import { type ReactNode, useState } from 'react';

interface Props {
  src: string;
  alt: string;
  className?: string;
}

/** A picture; one that does not load is shown as its words, in its own place. */
export function Picture({ src, alt, className }: Props): ReactNode {
  const [broken, setBroken] = useState<string | null>(null);
  // Another address is another try.
  if (src === '' || broken === src) {
    return (
      <span className={`picture-broken ${className ?? ''}`} title={`This picture cannot be shown: ${alt}`}>
        <span aria-hidden="true">🖼</span> {alt || 'Picture'}
      </span>
    );
  }
  return <img className={className} src={src} alt={alt} loading="lazy" onError={() => setBroken(src)} />;
}
